"""What is measured in parts equals what one worker finds alone."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.experiment.experiment import Experiment
from core.jobs import measure_embeddings, train_run
from core.jobs.measure_embeddings import Upload, keep
from core.jobs.worker import train
from core.runs.parts import is_kept, missing, planned
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.statistics import samples, summary

COSINE = DISTANCES["cosine"]()
IDENTITIES, SAMPLES = 24, 4


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this were much: 96 points, measured in at least six parts."""
    monkeypatch.setattr(samples, "AT_ONCE", 50)
    monkeypatch.setattr(summary, "PAIRS_AT_ONCE", 16 * IDENTITIES * SAMPLES)


def made(distance: Distance = EUCLIDEAN) -> Upload:
    generator = np.random.default_rng(0)
    labels = generator.permutation(np.repeat(np.arange(IDENTITIES), SAMPLES))
    points = 2 * generator.normal(size=(IDENTITIES, 6))[labels] + generator.normal(size=(len(labels), 6))
    return Upload("many.npz", points.astype(np.float32), labels, tuple(map(str, range(IDENTITIES))), distance)


def job(store: Store, row: Row, part: str = "") -> tuple[str, dict[str, Any]]:
    """What a worker answers, and the last it reported."""
    heard = []
    only = {"part": part} if part else {}
    folder = store.folder(row.id)
    answer = train(folder, row.experiment, device="cpu", report=heard.append, wanted=lambda: "run", **only)
    return answer, heard[-1]


@pytest.mark.parametrize("distance", [EUCLIDEAN, COSINE], ids=lambda distance: distance.name)
def test_parts_have_together_what_one_worker_finds(
    store: Store, many: None, monkeypatch: pytest.MonkeyPatch, distance: Distance
) -> None:
    row = keep(store, made(distance))
    run = Run(store.folder(row.id))
    assert job(store, row)[0] == "parts"
    names = planned(run.folder)
    assert len(names) >= 6 and missing(run.folder) == names
    for done, part in enumerate(reversed(names), start=1):
        answer, said = job(store, row, part)
        assert (answer, said["epoch"], said["epochs"]) == ("finished", done, len(names) + 1)
        assert is_kept(run.folder, part)
    answer, said = job(store, row)
    assert answer == "finished" and said["epoch"] == said["epochs"] == len(names) + 1
    assert not (run.folder / "parts").exists(), "what has been gathered is not kept twice"
    assert (run.snapshots()[0].map, run.maps()) == ("none", [])

    monkeypatch.setattr(samples, "AT_ONCE", 1000)
    alone = keep_alone(store, distance)
    found, expected = run.result(), alone.result()
    assert found["remarks"] == expected["remarks"] and found["protocol"] == expected["protocol"]
    for name in ("hard", "semi_hard", "easy", "recall_at_1", "map_at_r", "positive_pairs", "negative_pairs"):
        assert found[name] == pytest.approx(expected[name], rel=1e-12) and found[name] > 0, name
    assert found["auc"] == pytest.approx(expected["auc"], abs=1e-4)
    ours, theirs = run.appraisal(0), alone.appraisal(0)
    assert ours.protocols == theirs.protocols and ours.replicates
    assert ours.calibration.local_auc == pytest.approx(theirs.calibration.local_auc, rel=1e-12)
    assert ours.calibration.overall_auc == pytest.approx(theirs.calibration.overall_auc, abs=1e-4)
    assert 0.5 < ours.calibration.overall_auc < 1 and 0.5 < ours.calibration.local_auc < 1
    pairs = [(ours.choosing, theirs.choosing), (ours.reporting, theirs.reporting), (ours.everyone, theirs.everyone)]
    for mine, other in pairs:
        rates = [np.interp(3.0, side.curve.thresholds, side.curve.false_accept_rate) for side in (mine, other)]
        assert_allclose(*rates, atol=0.02)
        assert (mine.identities, mine.genuine_identities) == (other.identities, other.genuine_identities)


def keep_alone(store: Store, distance: Distance) -> Run:
    """The same points under another name for their classes, so that they are another run."""
    upload = made(distance)
    row = keep(
        store, Upload("alone.npz", upload.embeddings, upload.labels, tuple("abcdefghijklmnopqrstuvwx"), distance)
    )
    assert job(store, row)[0] == "finished"
    return Run(store.folder(row.id))


def test_what_is_finished_is_not_measured_again(store: Store, many: None) -> None:
    row = keep(store, made())
    job(store, row)
    for part in planned(store.folder(row.id)):
        job(store, row, part)
    job(store, row)
    heard = []
    answer = train(store.folder(row.id), row.experiment, device="cpu", report=heard.append, wanted=lambda: "run")
    assert (answer, heard) == ("finished", [])


def test_a_worker_lets_go_of_what_parts_share_when_none_is_left_to_make(store: Store, many: None) -> None:
    row = keep(store, made())
    job(store, row)
    *others, last = planned(store.folder(row.id))
    for part in others:
        job(store, row, part)
        assert measure_embeddings._prepared.cache_info().currsize == 1
    job(store, row, last)
    assert measure_embeddings._prepared.cache_info().currsize == 0


def test_a_training_does_not_share_its_worker_with_what_parts_have_left(
    store: Store, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = keep(store, made())
    job(store, row)
    job(store, row, planned(store.folder(row.id))[0])
    assert measure_embeddings._prepared.cache_info().currsize == 1
    left: list[int] = []

    def record(*_: object, **__: object) -> str:
        left.append(measure_embeddings._prepared.cache_info().currsize)
        return "finished"

    monkeypatch.setattr(train_run, "record", record)
    folder = store.root / "trained"
    folder.mkdir()
    train(folder, Experiment().described(), device="cpu", report=lambda progress: None, wanted=lambda: "run")
    assert left == [0]
