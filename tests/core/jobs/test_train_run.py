"""However often a recording is paused or struck down, it ends with the numbers of one that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
import pytest
import torch

from core.datasets.brought import Brought
from core.datasets.faces import Faces
from core.datasets.images import tiles_of
from core.datasets.pictograms import Pictograms
from core.datasets.vectors import Vectors
from core.encoders import CompactCnn, Linear, Mlp
from core.experiment.experiment import Experiment
from core.experiment.presets import suited_to
from core.experiment.splits import ByIdentity
from core.jobs import train_run
from core.jobs.train_run import record
from core.losses import Lmnn, Mmc, MultiSimilarity, Nca, Softmax
from core.losses.base import Loss
from core.records.snapshot_record import MapRecord
from core.records.step import Step
from core.runs.run_folder import Run
from core.samplers import PByK
from core.statistics.baselines import principal_axes
from tests.core.heads import brought, head, vectors
from tests.core.trainings import SMALL, plain

# Of 32 dimensions, so that each map depends on the one before it; PCA stands in for UMAP, which takes long to load.
EXPERIMENTS = {
    "flat": replace(SMALL, schedule=replace(SMALL.schedule, maps_per_epoch=3)),
    "32 dimensions, moved": replace(
        SMALL, encoder=Mlp(width=16, dimension=32), schedule=replace(SMALL.schedule, shift=1, snapshots_per_epoch=2)
    ),
    "softmax": replace(SMALL, loss=Softmax(scale=8.0)),
}
EVERY = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


class Struck(Exception):
    """Stands for the death of the process."""


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report after every record, and lay out with what is at hand."""
    monkeypatch.setattr(train_run, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr("core.maps.projector.is_warm", lambda: False)


def go_on(run: Run, **options: Any) -> str:
    return record(run, wait_for_umap=False, **options)


def untimed(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "seconds"} for line in lines]


def written(records: Sequence[Step | MapRecord]) -> list[dict[str, Any]]:
    return untimed([one.written() for one in records])


def left_behind(run: Run) -> dict[str, Any]:
    """Everything in the folder that a page could read, without times."""
    arrays = {file.name: plain(run.snapshot(int(file.stem))) for file in (run.folder / "snapshots").iterdir()}
    lines = {"steps": written(run.steps()), "maps": written(run.maps()), "snapshots": written(run.snapshots())}
    return lines | {"arrays": arrays, "result": untimed([run.result()]), "baselines": run.baselines()}


@lru_cache
def undisturbed(experiment: Experiment) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        run = Run.create(Path(folder), experiment)
        assert go_on(run) == "finished"
        return left_behind(run)


def dying_after(count: int) -> Callable[[dict[str, Any]], None]:
    left = iter(range(count))

    def report(progress: dict[str, Any]) -> None:
        if next(left, None) is None:
            raise Struck

    return report


@EVERY
def test_a_recording_is_the_same_every_time(experiment: Experiment, tmp_path: Path) -> None:
    torch.manual_seed(5)
    run = Run.create(tmp_path, experiment)
    assert go_on(run) == "finished"
    assert left_behind(run) == undisturbed(experiment)


@EVERY
@pytest.mark.parametrize("every", [3, 5])
def test_pausing_changes_nothing(experiment: Experiment, every: int, tmp_path: Path) -> None:
    """Every so many updates; five of them are an epoch."""
    run = Run.create(tmp_path, experiment)
    outcomes = []
    while not outcomes or outcomes[-1] == "paused":
        left = iter(range(every - 1, 0, -1))
        outcomes.append(go_on(Run(tmp_path), wanted=lambda left=left: "run" if next(left, 0) else "pause"))
    assert outcomes == ["paused"] * (15 // every) + ["finished"]
    assert left_behind(run) == undisturbed(experiment)


@EVERY
@pytest.mark.parametrize("seed", range(2))
def test_dying_anywhere_changes_nothing(experiment: Experiment, seed: int, tmp_path: Path) -> None:
    places = random.Random(seed)
    run = Run.create(tmp_path, experiment)
    for _ in range(4):
        with pytest.raises(Struck):
            go_on(Run(tmp_path), report=dying_after(places.randrange(7)))
    assert go_on(run) == "finished"
    assert left_behind(run) == undisturbed(experiment)


@pytest.mark.parametrize("seed", [2, 3])
def test_a_write_that_fails_changes_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of any kind, at any time: snapshot, checkpoint, manifest, baselines, result."""
    experiment = EXPERIMENTS["flat"]
    run = Run.create(tmp_path, experiment)
    places = random.Random(seed)
    replace_file, failures = os.replace, 0
    for _ in range(4):
        left = places.randrange(4, 14)

        def failing(source: Any, target: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError("No space left on device")
            replace_file(source, target)

        monkeypatch.setattr("core.system.atomic_files.os.replace", failing)
        try:
            go_on(Run(tmp_path))
        except OSError:
            failures += 1
    monkeypatch.setattr("core.system.atomic_files.os.replace", replace_file)
    assert failures > 1
    assert go_on(run) == "finished"
    assert left_behind(run) == undisturbed(experiment)


@pytest.mark.parametrize("damage", ["cut", "gone", "all gone"])
def test_a_damaged_checkpoint_costs_an_epoch_and_changes_nothing(damage: str, tmp_path: Path) -> None:
    run = Run.create(tmp_path, SMALL)
    left = iter(range(12))
    assert go_on(run, wanted=lambda: "pause" if next(left, None) is None else "run") == "paused"
    newest, *others = sorted((tmp_path / "checkpoints").glob("*.pt"), reverse=True)
    assert others
    if damage == "cut":
        newest.write_bytes(newest.read_bytes()[:1000])
    else:
        for file in [newest] + (others if damage == "all gone" else []):
            file.unlink()
    assert go_on(Run(tmp_path)) == "finished"
    assert left_behind(run) == undisturbed(SMALL)


def test_the_result_is_the_last_snapshot_with_its_protocol_and_baselines(tmp_path: Path) -> None:
    run = Run.create(tmp_path, SMALL)
    go_on(run)
    result = run.result()
    last = run.snapshots()[-1].written()
    assert last["step"] == 15 and {name: result[name] for name in last} == last
    assert result["protocol"] == "closed-set, by sample" and result["training_count"] == 90
    assert set(result["baselines"]) == {"raw pixels", "PCA", "untrained encoder"}
    assert result["points"] == 60 and 0 < result["recall_at_1"] < 1
    assert json.loads((tmp_path / "result.json").read_text()) == result


def test_images_in_colour_are_recorded_from_the_first_look_to_the_baselines(tmp_path: Path) -> None:
    """20 identities to learn from in 4 or 5 drawings each, and 20 strangers."""
    images = Pictograms(identities=40)
    coloured = replace(SMALL, dataset=images, split=ByIdentity(evaluation_share=0.5), encoder=CompactCnn(dimension=32))
    run = Run.create(tmp_path, coloured)
    assert go_on(run) == "finished"
    result, probe = run.result(), run.probe()
    assert result["protocol"] == "open-set, by identity" and set(result["baselines"]) == {
        "raw pixels",
        "PCA",
        "untrained encoder",
    }
    tiles = tiles_of(run.picture(), 32, 32)[: len(probe["rows"])]
    np.testing.assert_array_equal(tiles, images.load().pixels[probe["rows"]])


def test_every_snapshot_counts_every_pair_and_triplet_of_the_probe(tmp_path: Path) -> None:
    """60 points, 6 of each of 10 classes."""
    run = Run.create(tmp_path, EXPERIMENTS["flat"])
    go_on(run)
    for numbers in run.snapshots():
        assert numbers.triplets == 60 * 5 * 54
        assert (numbers.positive_pairs, numbers.negative_pairs) == (60 * 5 // 2, 60 * 54 // 2)
        arrays = run.snapshot(numbers.step)
        assert arrays["positive_counts"].sum() == 150 and arrays["negative_counts"].sum() == 1620
        here = arrays["margins"].tolist().index(SMALL.loss.hardness_margin)
        assert arrays["semi_hard_counts"][here] == numbers.semi_hard


def test_maps_come_more_often_than_statistics_where_asked(tmp_path: Path) -> None:
    run = Run.create(tmp_path, EXPERIMENTS["flat"])
    go_on(run)
    measured = {line.step for line in run.snapshots()}
    drawn = {line.step for line in run.maps()}
    assert measured == {0, 1, 2, 4, 5, 10, 15} and drawn == measured | {3, 6, 8, 11, 13}
    assert set(run.snapshot(8)) == {"map"} and run.snapshot(8)["map"].shape == (60, 2)


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    run = Run.create(tmp_path, SMALL)
    go_on(run)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    assert go_on(run, report=dying_after(0)) == "finished"
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_stopping_and_pausing_are_told_apart(tmp_path: Path) -> None:
    run = Run.create(tmp_path, SMALL)
    assert go_on(run, wanted=lambda: "stop") == "stopped"
    assert go_on(run, wanted=lambda: "pause") == "paused"
    assert not run.result()


def test_progress_counts_up_to_the_end(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    go_on(Run.create(tmp_path, SMALL), report=told.append)
    assert [progress["step"] for progress in told] == sorted(progress["step"] for progress in told)
    assert {progress["epochs"] for progress in told} == {3}
    assert (told[-1]["epoch"], told[-1]["step"], told[-1]["left"]) == (3, 15, 0.0)
    assert told[0]["left"] is None and all(progress["left"] >= 0 for progress in told[3:])
    seconds = [progress["seconds"] for progress in told]
    assert seconds == sorted(seconds) and seconds[-1] > 0


def test_an_experiment_that_does_not_fit_its_data_is_said(tmp_path: Path) -> None:
    run = Run.create(tmp_path, replace(SMALL, sampler=replace(SMALL.sampler, classes_per_batch=11)))
    with pytest.raises(ValueError, match="at most the number of training classes"):
        go_on(run)


def of_faces(dimension: int = 64) -> Brought:
    """Pixels of 40 people on the principal axes of those that are trained on, as somebody's vectors."""
    images = Faces().load()
    flat = images.values.reshape(images.count, -1).astype(np.float32) / 255
    training = flat[ByIdentity(evaluation_share=0.5).split(images.labels).training_rows]
    values = ((flat - training.mean(axis=0)) @ principal_axes(training, dimension).T).astype(np.float32)
    return brought(Vectors(values, images.labels.copy(), images.class_names), "faces.npz")


@pytest.mark.parametrize("loss", [MultiSimilarity(), Nca(), Lmnn(), Mmc()], ids=lambda loss: loss.name)
def test_a_linear_head_retrieves_strangers_better_than_the_vectors_as_lda_does(loss: Loss, tmp_path: Path) -> None:
    """20 people to learn from, 20 others to judge by: measured .777 (multi-similarity), .744, .753, .754 beside .622 of
    the vectors by cosine and .746 of LDA, in a second of training each."""
    experiment = replace(Experiment.suited(loss), **vars(head(of_faces(), epochs=30)) | {"loss": loss})
    experiment = replace(
        experiment,
        encoder=Linear(normalise=Experiment.suited(loss).encoder.normalise),
        distance=Experiment.suited(loss).distance,
        sampler=PByK(classes_per_batch=10, samples_per_class=5),
    )
    run, began = Run.create(tmp_path, experiment), process_time()
    assert go_on(run) == "finished"
    assert process_time() - began < 20
    baselines, beside = run.baselines(), run.beside_vectors()
    vectors_alone = max(baselines["vectors"]["map_at_r"], baselines["vectors, cosine"]["map_at_r"])
    assert baselines["LDA"]["map_at_r"] > vectors_alone + 0.1
    assert beside is not None and beside.untrained == pytest.approx(vectors_alone)
    assert beside.trained == pytest.approx(run.result()["map_at_r"]) and beside.trained > vectors_alone + 0.1
    assert beside.low > 0 and beside.identities == 20


def test_a_head_that_retrieves_worse_than_its_vectors_is_told(tmp_path: Path) -> None:
    """The people to learn from differ along the first numbers, those to judge by along the others."""
    split, rng = ByIdentity(evaluation_share=0.5), np.random.default_rng(0)
    labels = np.repeat(np.arange(24), 8)
    is_held = np.isin(np.arange(len(labels)), split.split(labels).evaluation_rows)
    values = rng.normal(size=(len(labels), 16)) * 0.5
    values[:, :8] += np.where(is_held, 0, 1)[:, None] * rng.normal(size=(24, 8))[labels]
    values[:, 8:] += np.where(is_held, 1, 0)[:, None] * rng.normal(size=(24, 8))[labels]
    dataset = brought(Vectors(values.astype(np.float32), labels, tuple(map(str, range(24)))))
    run = Run.create(tmp_path, replace(head(dataset, epochs=30, learning_rate=0.01), split=split))
    assert go_on(run) == "finished"
    beside = run.beside_vectors()
    assert beside is not None and beside.is_worse and beside.is_clear and beside.high < -0.05


def test_vectors_are_recorded_from_the_first_look_to_the_baselines(tmp_path: Path) -> None:
    run = Run.create(tmp_path, head(brought(vectors(), "voices.npz")))
    assert go_on(run) == "finished" and run.record().title.startswith("voices.npz · ")
    assert run.record().probe is None and len(run.probe()["names"]) == 64
    assert list(run.baselines()) == [
        "vectors",
        "vectors, cosine",
        "PCA whitening",
        "LDA",
        "LDA, cosine",
        "WCCN",
        "WCCN, cosine",
        "untrained encoder",
    ]
    maps = [run.linear_map(line.step) for line in run.maps()]
    assert len(maps) > 2 and all(one is not None and one.shape == (16, 12) for one in maps)
    assert not np.array_equal(maps[0], maps[-1])
    beside = run.beside_vectors()
    assert beside is not None and beside.identities == 8


def test_a_run_of_vectors_that_is_paused_ends_with_the_same_numbers(tmp_path: Path) -> None:
    experiment = head(brought(vectors()))
    whole, parted = Run.create(tmp_path / "whole", experiment), Run.create(tmp_path / "parted", experiment)
    go_on(whole)
    looks = iter(["run"] * 4 + ["pause"] * 1000)
    assert go_on(parted, wanted=lambda: next(looks)) == "paused" and go_on(parted) == "finished"
    assert left_behind(parted) == left_behind(whole)


def test_a_head_keeps_what_vectors_of_a_good_network_have(tmp_path: Path, rng: np.random.Generator) -> None:
    """At Adam's usual rate it is bent to the identities it trains on: 0.001 leaves 0.87 of this set's 1.00."""
    labels = np.repeat(np.arange(120), 6)
    values = (rng.normal(size=(120, 200))[labels] + rng.normal(size=(720, 200))).astype(np.float32)
    experiment = suited_to(brought(Vectors(values, labels, tuple(map(str, range(120))))).data)
    run = Run.create(tmp_path, experiment)
    assert go_on(run) == "finished"
    beside = run.beside_vectors()
    assert beside is not None and beside.untrained > 0.97 and beside.trained > beside.untrained - 0.02
