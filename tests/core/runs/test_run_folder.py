from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.datasets.admitted import folder_of
from core.datasets.images import Images, tiles_of
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.losses import Contrastive, Softmax
from core.miners import All, BatchHard
from core.records.kinds import Kind
from core.records.run_record import FORMAT, ProbeSheet
from core.records.snapshot_record import MapRecord
from core.records.step import Step
from core.runs.run_folder import Run
from tests.core.heads import brought, head, vectors
from tests.core.run_files import rewritten
from tests.core.trainings import SMALL, material


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(tmp_path / "run", SMALL)


def when(step: int) -> MapRecord:
    return MapRecord(step=step, epoch=step / 10, seconds=0.5, map="pca")


def update(step: int, loss: float = 0.5) -> Step:
    return Step(step, step / 10, loss, 1.0, loss, 80, 0.5, 0.25, 0.25, 2.0, 0.01)


NUMBERS = {"eer": 0.25, "points": 4, "classes": 2}


def filled(run: Run) -> Run:
    """Three steps, a snapshot after each of the first and the last, a map alone in between."""
    for step in (1, 2, 3):
        run.append_step(update(step, step / 7))
        points = np.full((4, 2), float(step))
        run.write_map(when(step), {"map": points})
        if step != 2:
            run.write_statistics(when(step), NUMBERS | {"auc": 0.1 * step}, {"map": points, "edges": np.arange(3.0)})
    return run


def test_a_new_run_says_what_it_is(run: Run) -> None:
    record = run.record()
    assert (record.format, record.kind) == (FORMAT, Kind.TRAINED)
    assert (record.id, record.title) == (SMALL.run_id(), SMALL.title())
    assert record.experiment == SMALL.described()
    assert {"python", "numpy", "torch", "umap-learn", "faiss-cpu"} <= set(record.versions or ())
    assert run.experiment() == SMALL


def test_an_empty_run_has_no_records(run: Run) -> None:
    assert (run.steps(), run.maps(), run.snapshots()) == ([], [], [])
    assert (run.result(), run.state(), run.baselines()) == ({}, {}, {})


def test_an_equal_experiment_takes_the_run_that_is_there(run: Run) -> None:
    filled(run)
    again = Run.create(run.folder, Experiment.from_described(SMALL.described()))
    assert len(again.steps()) == 3


def test_a_run_whose_empty_folders_did_not_come_along_goes_on(run: Run) -> None:
    for name in ("snapshots", "checkpoints"):
        (run.folder / name).rmdir()
    filled(Run.create(run.folder, SMALL))
    assert len(run.snapshots()) == 2 and (run.folder / "checkpoints").is_dir()


def test_another_experiment_is_refused_and_changes_nothing(run: Run) -> None:
    before = (run.folder / "run.json").read_bytes()
    with pytest.raises(ValueError, match="must be empty or hold the same experiment, got run [0-9a-f]{32}. Choose"):
        Run.create(run.folder, Experiment(loss=Contrastive()))
    assert (run.folder / "run.json").read_bytes() == before


def test_softmax_takes_its_run_whatever_the_miner(tmp_path: Path) -> None:
    Run.create(tmp_path, Experiment(loss=Softmax(), miner=All()))
    Run.create(tmp_path, Experiment(loss=Softmax(), miner=BatchHard()))


def test_a_format_from_the_future_is_refused(run: Run) -> None:
    rewritten(run, format=FORMAT + 1)
    with pytest.raises(
        ValueError, match=f"run.json must have format {FORMAT} or older, got {FORMAT + 1}. Open it with"
    ):
        run.experiment()


def test_the_material_is_kept_with_its_images_and_protocol(run: Run) -> None:
    given = material()
    run.write_data(given)
    probe = run.probe()
    assert np.array_equal(probe["rows"], given.probe_rows)
    assert np.array_equal(probe["labels"], given.images.labels[given.probe_rows])
    described = json.loads((run.folder / "run.json").read_text())
    assert described["data"] == {
        "digest": given.images.digest,
        "class_names": list("0123456789"),
        "training_count": 90,
        "evaluation_count": 1707,
        "probe_count": 60,
        "evaluation_classes": 10,
        "probe_classes": 10,
        "protocol": "closed-set, by sample",
    }
    assert described["probe"] == {"columns": 8, "tile_height": 8, "tile_width": 8}
    with Image.open(run.folder / "probe.png") as opened:
        picture = np.asarray(opened)
    for place in (0, 7, 8, 59):
        row, column = divmod(place, 8)
        tile = picture[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
        assert np.array_equal(tile, given.images.pixels[given.probe_rows[place]])


def test_the_probe_is_kept_in_its_colours(run: Run) -> None:
    given = material()
    shape = (*given.images.pixels.shape, 3)
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    images = Images(pixels, given.images.labels, given.images.class_names)
    run.write_data(replace(given, samples=images))
    assert run.record().probe == ProbeSheet(columns=8, tile_height=8, tile_width=8)
    np.testing.assert_array_equal(tiles_of(run.picture(), 8, 8)[:60], pixels[given.probe_rows])


@pytest.mark.parametrize("mode, shape", [("L", (6, 9)), ("RGB", (6, 9, 3)), ("RGBA", (6, 9, 3)), ("P", (6, 9, 3))])
def test_a_sheet_is_read_as_grey_or_in_three_colours(run: Run, mode: str, shape: tuple[int, ...]) -> None:
    Image.new(mode, (9, 6)).save(run.folder / "probe.png")
    picture = run.picture()
    assert picture.shape == shape and picture.dtype == np.uint8


def test_records_are_read_back_as_they_were(run: Run) -> None:
    filled(run)
    assert run.steps() == [update(step, step / 7) for step in (1, 2, 3)]
    assert run.maps() == [when(1), when(2), when(3)]
    expected = [when(step).written() | NUMBERS | {"auc": 0.1 * step} for step in (1, 3)]
    assert [snapshot.written() for snapshot in run.snapshots()] == expected
    assert {name: array.tolist() for name, array in run.snapshot(3).items()} == {
        "map": [[3, 3]] * 4,
        "edges": [0, 1, 2],
    }
    assert list(run.snapshot(3, "edges")) == ["edges"]
    assert list(run.snapshot(2)) == ["map"]


def test_results_and_baselines_are_read_back_as_they_were(run: Run) -> None:
    run.write_baselines({"raw pixels": {"auc": 0.75}})
    run.write_result({"auc": 0.9, "protocol": "closed-set"})
    assert run.baselines() == {"raw pixels": {"auc": 0.75}}
    assert run.result() == {"auc": 0.9, "protocol": "closed-set"}


@pytest.mark.parametrize("kept", [0, 1, 5, 14, -1])
def test_a_half_written_last_line_is_no_record_and_harms_no_other(run: Run, kept: int) -> None:
    filled(run)
    file = run.folder / "steps.jsonl"
    *whole, last = file.read_bytes().splitlines(keepends=True)
    assert len(last) > 14
    file.write_bytes(b"".join(whole) + last[: len(last) - 1 if kept < 0 else kept])
    # Without its line end the last line is whole again; cut anywhere else it is not there.
    expected = [1, 2, 3] if kept < 0 else [1, 2]
    assert [step.step for step in run.steps()] == expected
    run.append_step(update(4))
    assert [step.step for step in run.steps()] == [*expected, 4]


@pytest.mark.parametrize(
    "step, maps, snapshots", [(3, [1, 2, 3], [1, 3]), (2, [1, 2], [1]), (1, [1], [1]), (-1, [], [])]
)
def test_rewinding_forgets_what_came_after(run: Run, step: int, maps: list[int], snapshots: list[int]) -> None:
    filled(run)
    run.rewind(step)
    assert [line.step for line in run.steps()] == [number for number in (1, 2, 3) if number <= step]
    assert [line.step for line in run.maps()] == maps
    assert [line.step for line in run.snapshots()] == snapshots
    assert sorted(file.name for file in (run.folder / "snapshots").iterdir()) == [
        f"{number:06d}.npz" for number in maps
    ]


def test_rewinding_sweeps_what_killed_writers_left_and_leaves_the_parts_of_others(run: Run) -> None:
    filled(run)
    left = [".run.json.a_1.part", "snapshots/.000002.npz.b2.part", "checkpoints/.manifest.json.c3.part"]
    others = [".state.json.d4.part", ".entry.json.e5.part", ".wanted.f6.part"]
    for name in (*left, *others):
        (run.folder / name).write_bytes(b"half")
    run.rewind(2)
    assert not any((run.folder / name).exists() for name in left)
    assert all((run.folder / name).exists() for name in others)


def test_rewinding_an_empty_run_is_nothing(run: Run) -> None:
    run.rewind(-1)
    assert (run.steps(), run.maps(), run.snapshots()) == ([], [], [])


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_not_json_is_not_written(run: Run, number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        run.append_step(update(1, number))
    with pytest.raises(ValueError, match="not JSON compliant"):
        run.write_result({"step": 1, "loss": number})
    assert run.steps() == [] and not (run.folder / "result.json").exists()


def test_files_are_readable_without_this_code(run: Run) -> None:
    filled(run).write_result({"auc": 0.9})
    for file in ("run.json", "result.json"):
        assert isinstance(json.loads((run.folder / file).read_text()), dict)
    for file in ("steps.jsonl", "maps.jsonl", "snapshots.jsonl"):
        assert all(isinstance(json.loads(line), dict) for line in (run.folder / file).read_text().splitlines())


def test_vectors_are_kept_by_their_names_without_a_picture(run: Run) -> None:
    given = prepare(head(brought(vectors())))
    run.write_data(given)
    assert run.record().probe is None and not (run.folder / "probe.png").exists()
    assert run.probe()["names"].tolist() == [f"file {row}" for row in given.probe_rows]
    unnamed = prepare(head(brought(vectors(101, named=False))))
    run.write_data(unnamed)
    assert "names" not in run.probe()


def test_a_linear_map_is_read_back_where_a_snapshot_has_one(run: Run) -> None:
    linear_map = np.arange(6, dtype=np.float32).reshape(2, 3)
    run.write_map(when(0), {"map": np.zeros((4, 2), np.float32), "linear_map": linear_map})
    run.write_map(when(1), {"map": np.zeros((4, 2), np.float32)})
    found = run.linear_map(0)
    assert found is not None and np.array_equal(found, linear_map) and run.linear_map(1) is None


def test_a_run_without_vectors_says_nothing_beside_them(run: Run) -> None:
    run.write_result({"step": 3})
    assert run.beside_vectors() is None


def test_a_run_whose_data_are_gone_has_no_earlier_mathematics(tmp_path: Path) -> None:
    dataset = brought(vectors(9))
    run = Run.create(tmp_path, head(dataset))
    shutil.rmtree(folder_of(dataset.data))
    assert run.earlier_mathematics() == ""
