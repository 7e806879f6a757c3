"""What a threshold does at another snapshot, against the pairs one by one; the half of a path; the spread over runs."""

from __future__ import annotations

import numpy as np
import pytest

from core.evidence.appraisal import Appraisal, appraise
from core.thresholds.outcome import Rate, outcome
from core.thresholds.over_epochs import Moment, at_half, carried, mean_and_deviation, moment, protocol_of_paths
from core.verification.goals import Eer, Far
from core.verification.goals.base import Goal
from core.verification.protocols import FOLDS, OTHERS, SAME, parts
from tests.core.evidence.test_appraisal import points_of

Snapshot = tuple[np.ndarray, np.ndarray, Appraisal]


@pytest.fixture(scope="module")
def path() -> list[Snapshot]:
    """Two snapshots of the same points, their distances on the same edges and shrinking by a tenth."""
    points, labels, edges = points_of(24)
    return [(scaled, labels, appraise(scaled, labels, edges)) for scaled in (points, 0.9 * points)]


def rates_by_hand(points: np.ndarray, labels: np.ndarray, threshold: float) -> tuple[float, float]:
    """The share of impostor pairs at most that far apart, and of genuine pairs further apart, one pair at a time."""
    wrong, total = [0, 0], [0, 0]
    for first in range(len(labels)):
        for second in range(first):
            is_same = labels[first] == labels[second]
            accepted = np.sqrt(((points[first] - points[second]) ** 2).sum()) <= threshold
            total[int(is_same)] += 1
            wrong[int(is_same)] += accepted != is_same
    return wrong[0] / total[0], wrong[1] / total[1]


@pytest.mark.parametrize("goal", [Far(0.02), Eer()], ids=lambda goal: goal.name)
@pytest.mark.parametrize("protocol", [SAME, OTHERS])
def test_a_carried_threshold_is_judged_on_the_later_pairs_that_report(
    path: list[Snapshot], goal: Goal, protocol: str
) -> None:
    (_, _, earlier), (points, labels, later) = path
    chosen = outcome(earlier, goal, protocol)
    found = carried(later, chosen.threshold, protocol)
    rows = parts(labels, 2) == 1 if protocol == OTHERS else np.ones(len(labels), bool)
    expected = rates_by_hand(points[rows], labels[rows], chosen.threshold)
    assert (found[0].share, found[1].share) == expected and 0 < min(expected) < max(expected) < 1
    assert found[0].share > 1.1 * outcome(later, goal, protocol).false_accept.share, "the distances have shrunk"
    assert all(rate.low < rate.share < rate.high for rate in found)


def test_at_its_own_snapshot_a_threshold_does_what_was_told(path: list[Snapshot]) -> None:
    *_, found = path[0]
    told = outcome(found, Eer(), OTHERS)
    assert carried(found, told.threshold, OTHERS) == (told.false_accept, told.false_reject)


def test_between_two_thresholds_the_smaller_one_judges(path: list[Snapshot]) -> None:
    *_, found = path[0]
    first, second = found.everyone.curve.thresholds[40:42]
    assert carried(found, (first + second) / 2, SAME) == carried(found, first, SAME) != carried(found, second, SAME)


def test_below_all_thresholds_nobody_is_let_in(path: list[Snapshot]) -> None:
    false_accept, false_reject = carried(path[0][2], -1.0, SAME)
    assert (false_accept.share, false_reject.share) == (0.0, 1.0)


def test_a_set_too_small_for_halves_says_so() -> None:
    points, labels, edges = points_of(6)
    with pytest.raises(ValueError, match=r"the protocol other-identities needs at least 20 identities .* got 6"):
        carried(appraise(points, labels, edges), 1.0, OTHERS)


def test_a_moment_repeats_the_outcome(path: list[Snapshot]) -> None:
    told = outcome(path[0][2], Far(0.02), OTHERS)
    found = moment(14, 1.5, told)
    assert found.interval == told.threshold_interval is not None
    assert found == Moment(14, 1.5, told.threshold, found.interval, told.false_accept, told.false_reject)


@pytest.mark.parametrize(
    ("epochs", "expected"), [([0, 1, 2], 1), ([0, 0.1, 0.5, 3, 10], 3), ([0, 5.1, 10], 0), ([4, 7, 10], 7), ([3], 3)]
)
def test_the_half_is_the_last_snapshot_of_the_first_half(epochs: list[float], expected: int) -> None:
    rate = Rate(0.1, 0.0, 0.2)
    moments = [Moment(step, epoch, float(step), None, rate, rate) for step, epoch in enumerate(epochs)]
    assert at_half(moments).epoch == expected


def test_folds_are_replaced_by_what_every_snapshot_knows() -> None:
    assert [protocol_of_paths(protocol) for protocol in (FOLDS, OTHERS, SAME)] == [OTHERS, OTHERS, SAME]


def test_the_spread_is_that_between_runs() -> None:
    assert mean_and_deviation([0.9, 1.0, 1.4]) == pytest.approx((1.1, np.sqrt((0.04 + 0.01 + 0.09) / 2)))
    with pytest.raises(ValueError, match=r"two thresholds or more, got 1\. Add another run"):
        mean_and_deviation([0.9])
