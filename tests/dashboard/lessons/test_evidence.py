"""What tasks are graded by is what the run holds."""

from __future__ import annotations

import numpy as np
import pytest

from core.lessons.tasks import FarAtMost, FirstEpochBelow, LargestOf, LostNeighbour, SmallestMargin
from core.runs.run_folder import Run
from core.statistics.triplet_census import census_curve
from dashboard.lessons import evidence
from dashboard.lookups.questions import numbers_of_last
from dashboard.settings import MARGIN

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.fixture
def address(run: Run, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the address says."""
    said = {"run": run.folder.name}
    monkeypatch.setattr("dashboard.url._address", lambda: said)
    return said


def test_the_triplets_are_those_of_a_census(run: Run, address: dict[str, str]) -> None:
    line = run.snapshots()[-1]
    found = evidence.evidence_for(SmallestMargin(0.1), 0.2)
    arrays = run.snapshot(line.step, "embeddings", "margins")
    census = census_curve(arrays["embeddings"], run.probe()["labels"], arrays["margins"])
    assert (found.hard, found.total) == (census.hard, census.total)
    np.testing.assert_array_equal(found.semi_hard, census.semi_hard)


def test_of_another_epoch_they_are_others(run: Run, address: dict[str, str]) -> None:
    last = evidence.evidence_for(SmallestMargin(0.1), 0.2)
    address["epoch"] = f"{run.snapshots()[0].epoch:.4g}"
    assert evidence.evidence_for(SmallestMargin(0.1), 0.2).hard != last.hard


def test_rates_rise_and_fall_with_the_threshold_and_are_exact_at_the_answer(run: Run, address: dict[str, str]) -> None:
    found = evidence.evidence_for(FarAtMost(0.01), 0.777)
    embeddings = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"].astype(np.float64)
    labels = run.probe()["labels"]
    apart = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=2)[np.triu_indices(len(labels), 1)]
    is_same = (labels[:, None] == labels[None])[np.triu_indices(len(labels), 1)]
    row = found.thresholds.tolist().index(0.777)
    assert found.far[row] == pytest.approx(np.mean(apart[~is_same] <= 0.777))
    assert found.frr[row] == pytest.approx(1 - np.mean(apart[is_same] <= 0.777))
    assert (np.diff(found.far) >= -1e-12).all() and (np.diff(found.frr) <= 1e-12).all()
    assert len(found.thresholds) == len(found.far) == len(found.frr)


def test_a_course_has_a_share_for_every_snapshot(run: Run, address: dict[str, str]) -> None:
    found = evidence.evidence_for(FirstEpochBelow(0.1), 1.0)
    lines = run.snapshots()
    np.testing.assert_allclose(found.hard, [(line.hard or 0) / line.triplets for line in lines])
    assert found.epochs.tolist() == [line.epoch for line in lines]


@pytest.mark.parametrize(("text", "answer"), [("0.3", 0.3), ("x", None)])
def test_an_answer_is_what_the_address_says(address: dict[str, str], text: str, answer: float | None) -> None:
    assert evidence.answer_to(SmallestMargin(0.1)) is None
    address[MARGIN.name] = text
    assert evidence.answer_to(SmallestMargin(0.1)) == answer


def test_places_are_those_of_the_map_of_the_snapshot(run: Run, address: dict[str, str]) -> None:
    lines = run.snapshots()
    found = evidence.evidence_for(LostNeighbour(6, 0), 0)
    np.testing.assert_array_equal(found.places, run.snapshot(lines[-1].step, "map")["map"])
    assert len(found.points) == len(found.places)
    address["epoch"] = f"{lines[0].epoch:.4g}"
    earlier = evidence.evidence_for(LostNeighbour(6, 0), 0)
    np.testing.assert_array_equal(earlier.places, run.snapshot(lines[0].step, "map")["map"])


def test_numbers_are_those_of_the_last_snapshots(run: Run) -> None:
    found = evidence.evidence_for(LargestOf("eer", (run.folder.name, "digits-softmax")), "")
    assert found.numbers[run.folder.name] == run.snapshots()[-1].eer and 0.1 < found.numbers["digits-softmax"] < 0.11


def test_numbers_that_a_snapshot_has_not_are_those_of_the_three_questions() -> None:
    found = evidence.evidence_for(LargestOf("ami", ("digits-semi-hard", "digits-softmax")), "")
    assert found.numbers == {name: numbers_of_last(name).ami for name in ("digits-semi-hard", "digits-softmax")}


def test_a_run_that_is_gone_is_told_in_a_sentence(address: dict[str, str]) -> None:
    address["run"] = "0" * 32
    with pytest.raises(ValueError, match="the run must be one that is kept here, got '0000"):
        evidence.evidence_for(SmallestMargin(0.1), 0.2)
