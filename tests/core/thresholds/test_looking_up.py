"""Many pairs are counted first: fewer are listed, and the outcome is that of one look (test_exact_choice.py, too)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.evidence.appraisal import Appraisal, appraise
from core.statistics.pair_distances import pair_distances
from core.statistics.roc import exact_curve
from core.thresholds import looking_up
from core.thresholds.looking_up import Known, looked_up, only_at
from core.thresholds.outcome import outcome, sides
from core.verification import near_pairs
from core.verification.goals import Far
from core.verification.goals.base import Goal
from core.verification.near_pairs import Counted, Expected, NearPairs, PointPairs
from core.verification.protocols import FOLDS, OTHERS, PROTOCOLS, SAME

LABELS = np.repeat(np.arange(60), 5)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    generator = np.random.default_rng(5)
    return generator.normal(size=(60, 4))[LABELS] + generator.normal(size=(300, 4))


@pytest.fixture(scope="module")
def appraised(points: np.ndarray) -> Appraisal:
    """On five thresholds alone."""
    return appraise(points, LABELS, np.array([-1.0, 0.0, 1.0, 3.0, 5.0, 20.0]), with_folds=True)


@pytest.mark.parametrize("goal", [Far(0.03), Far(0.00001), Far(0.9999)], ids=["amid", "nearest", "furthest"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_two_looks_come_to_what_one_comes_to(
    points: np.ndarray, appraised: Appraisal, protocol: str, goal: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = PointPairs(points, LABELS)
    once = outcome(appraised, goal, protocol, pairs)
    monkeypatch.setattr(looking_up, "MOST_LISTED", 1000)
    monkeypatch.setattr(near_pairs, "SAMPLE", 150)
    twice = outcome(appraised, goal, protocol, pairs)
    assert (twice.threshold, twice.elsewhere, twice.verdict) == (once.threshold, once.elsewhere, once.verdict)
    assert (twice.folds, twice.accuracy, twice.false_accept) == (once.folds, once.accuracy, once.false_accept)
    assert_array_equal(twice.reported.curve.thresholds, once.reported.curve.thresholds)
    assert_array_equal(twice.reported.curve.false_accepts, once.reported.curve.false_accepts)


@pytest.mark.parametrize(("around", "looks"), [(0.15, 1), (-0.5, 2)], ids=["expected", "elsewhere"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pairs_are_looked_at_again_only_where_others_were_expected(
    points: np.ndarray,
    appraised: Appraisal,
    protocol: str,
    around: float,
    looks: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[float] = []
    pairs = PointPairs(points, LABELS, advance=told.append)
    once = outcome(appraised, Far(0.03), protocol, pairs)
    monkeypatch.setattr(looking_up, "MOST_LISTED", 30_000)
    monkeypatch.setattr(near_pairs, "SAMPLE", 150)
    monkeypatch.setattr(looking_up, "AROUND", around)
    told.clear()
    again = outcome(appraised, Far(0.03), protocol, pairs)
    assert (again.threshold, again.elsewhere, again.verdict) == (once.threshold, once.elsewhere, once.verdict)
    assert (again.folds, again.accuracy, again.false_accept) == (once.folds, once.accuracy, once.false_accept)
    assert told.count(1.0) == looks


@pytest.mark.parametrize("protocol", [OTHERS, FOLDS])
def test_the_second_look_lists_few_pairs(
    points: np.ndarray, appraised: Appraisal, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, reported = sides(appraised, protocol)
    folds = appraised.folds if protocol == FOLDS else None
    known = Known(chosen.curve, reported.curve, appraised.everyone.curve, folds)
    _, all_near = looked_up(Far(0.03), protocol, known, PointPairs(points, LABELS))
    monkeypatch.setattr(looking_up, "MOST_LISTED", 1000)
    monkeypatch.setattr(near_pairs, "SAMPLE", 150)
    finer, near = looked_up(Far(0.03), protocol, known, PointPairs(points, LABELS))
    assert 0 < len(near.distances) < len(all_near.distances) / 50
    exact = exact_curve(pair_distances(points, LABELS))
    cuts = finer.everyone.thresholds[2:]
    assert len(cuts) > 200
    places = np.searchsorted(exact.thresholds, cuts, side="right") - 1
    assert_array_equal(finer.everyone.false_accepts[2:], exact.false_accepts[places])
    assert_array_equal(finer.everyone.true_accepts[2:], exact.true_accepts[places])


class Watched:
    """All pairs, with the looks that were taken at them and how many pairs were listed beside counting."""

    def __init__(self, points: np.ndarray) -> None:
        self._pairs, self.looks, self.listed = PointPairs(points, LABELS), list[str](), 0

    def within(self, spans: np.ndarray, protocol: str) -> NearPairs:
        self.looks.append("listed")
        return self._pairs.within(spans, protocol)

    def counted(self, spans: np.ndarray, protocol: str, ends: np.ndarray, expected: Expected) -> Counted:
        self.looks.append("counted")
        found = self._pairs.counted(spans, protocol, ends, expected)
        self.listed = len(found.listed.distances)
        return found


@pytest.fixture
def all_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """All pairs tell where the goal will be decided, so that nothing around it has to be listed."""
    monkeypatch.setattr(near_pairs, "SAMPLE", 300)
    monkeypatch.setattr(near_pairs, "MOST_CUTS", 1 << 20)
    monkeypatch.setattr(looking_up, "AROUND", 0.0)


@pytest.fixture
def everyone(appraised: Appraisal) -> Known:
    curve = appraised.everyone.curve
    return Known(curve, curve, curve, None)


@pytest.mark.parametrize("goal", [Far(0.03), Far(0.00001), Far(0.99999)], ids=["amid", "nearest", "furthest"])
@pytest.mark.usefixtures("all_sampled")
def test_where_it_is_known_what_is_asked_for_no_other_pairs_are_listed(
    points: np.ndarray, everyone: Known, goal: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_up, "MOST_LISTED", 1000)
    watched = Watched(points)
    _, near = looked_up(goal, SAME, everyone, watched)
    assert watched.looks == ["counted"] and 0 < watched.listed == len(near.distances) < 5


@pytest.mark.usefixtures("all_sampled")
def test_as_many_pairs_as_may_be_listed_are(
    points: np.ndarray, everyone: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a count of the pairs before, and beside one."""
    goal = Far(0.03)
    at_once = len(looked_up(goal, SAME, everyone, Watched(points))[1].distances)
    monkeypatch.setattr(looking_up, "MOST_LISTED", 1000)
    beside = len(looked_up(goal, SAME, everyone, Watched(points))[1].distances)
    assert beside < 1000 < at_once
    for most, looks in (
        (at_once, ["listed"]),
        (at_once - 1, ["counted"]),
        (beside, ["counted"]),
        (beside - 1, ["counted", "listed"]),
    ):
        monkeypatch.setattr(looking_up, "MOST_LISTED", most)
        watched = Watched(points)
        looked_up(goal, SAME, everyone, watched)
        assert watched.looks == looks


def test_a_curve_at_some_thresholds_is_that_at_those(points: np.ndarray) -> None:
    curve = exact_curve(pair_distances(points, LABELS))
    some = only_at(curve, curve.thresholds[::7])
    assert_array_equal(some.thresholds, curve.thresholds[::7])
    assert_array_equal(some.true_accepts, curve.true_accepts[::7])
    assert only_at(curve, np.append(curve.thresholds, -1.0)) is curve
