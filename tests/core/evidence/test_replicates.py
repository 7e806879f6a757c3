"""Intervals of replicates, and replicates kept in a file."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.evidence import Evidence
from core.evidence.replicates import Replicates, percentiles
from core.statistics.roc import Curve, at
from core.verification.goals import Eer, Far


def made(replicates: int = 21, steps: int = 40) -> Replicates:
    generator = np.random.default_rng(0)
    counts = generator.integers(0, 30, size=(2, steps, replicates)).cumsum(1)
    return Replicates(np.linspace(0.1, 4.0, steps), *counts)


def test_intervals_hold_the_middle_of_the_replicates() -> None:
    assert_allclose(percentiles(np.arange(101.0), 0.9), (5.0, 95.0))


def test_the_goal_is_sought_on_every_replicate() -> None:
    found = made()
    goal = Far(0.3)
    chosen = [goal.threshold(curve) for curve in found.curves()]
    assert len(set(chosen)) > 3
    assert_allclose(found.threshold_interval(goal, 0.9), np.quantile(chosen, [0.05, 0.95]))


@pytest.mark.parametrize("threshold", [0.05, 0.1, 1.0, 1.05, 3.9, 4.0, 9.0])
def test_the_intervals_of_rates_are_those_of_rates_counted_by_hand(threshold: float) -> None:
    """On a threshold of the curves, between two of them, before the first and after the last."""
    found, far, frr = made(), [], []
    for replicate in range(found.true_accepts.shape[1]):
        accepted = wrongly = 0
        for place, of_curve in enumerate(found.thresholds):
            if of_curve <= threshold:
                accepted, wrongly = found.true_accepts[place, replicate], found.false_accepts[place, replicate]
        far.append(wrongly / found.false_accepts[-1, replicate])
        frr.append((found.true_accepts[-1, replicate] - accepted) / found.true_accepts[-1, replicate])
    expected = [np.quantile(rates, [0.05, 0.95]) for rates in (far, frr)]
    assert_allclose(found.rate_intervals(threshold, 0.9), expected)
    is_known = threshold < 0.1 or threshold >= 4.0
    assert (np.diff(expected) == 0).all() == is_known, "all replicates accept none before, and all after"


def test_replicates_that_are_the_set_itself_have_its_rates_for_ends() -> None:
    counts = np.repeat(np.array([[[1], [3], [8]], [[4], [5], [5]]]), 7, axis=2)
    found = Replicates(np.array([1.0, 2.0, 3.0]), *counts)
    verdict = at(Curve(found.thresholds, counts[0, :, 0], counts[1, :, 0], 8, 5), 2.0)
    far, frr = verdict.false_accept_rate, verdict.false_reject_rate
    assert (far, frr) == (3 / 8, 0.0)
    assert found.rate_intervals(2.0) == ((far, far), (frr, frr))


def evidence_of(found: Replicates, effective: float) -> Evidence:
    """Of a set whose rates are the replicates' means."""
    wrongly, accepted = (
        np.rint(counts.mean(axis=1)).astype(np.int64) for counts in (found.false_accepts, found.true_accepts)
    )
    curve = Curve(found.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))
    each = np.full(len(found.thresholds), float(effective))
    return Evidence(curve, each, each, 0, 0)


def test_rates_reach_to_the_ends_of_the_bands() -> None:
    found = made()
    wide, narrow = evidence_of(found, 20), evidence_of(found, 10**9)
    own = found.rate_intervals(2.0)
    band = wide.false_accept_band(), wide.false_reject_band()
    expected = [(float(of.low[19]), float(of.high[19])) for of in band]
    assert_allclose(found.rate_intervals(2.0, evidence=wide), expected)
    assert_allclose(found.rate_intervals(2.0, evidence=narrow), own)


def test_thresholds_are_stretched_as_the_bands_are_wider() -> None:
    """About the choice on the set, by the wider of both; at least from the one before to the one after."""
    found, goal = made(), Eer()
    wide, narrow = evidence_of(found, 60), evidence_of(found, 10**9)
    choice, (low, high) = goal.threshold(wide.curve), found.threshold_interval(goal)
    own, bands = found.rate_intervals(choice), found.rate_intervals(choice, evidence=wide)
    stretch = max((band[1] - band[0]) / (ends[1] - ends[0]) for band, ends in zip(bands, own, strict=True))
    nearest = choice - 0.1, choice + 0.1
    expected = min(choice - stretch * (choice - low), nearest[0]), max(choice + stretch * (high - choice), nearest[1])
    assert 1.2 < stretch < 10 and expected[1] - expected[0] > high - low
    assert_allclose(found.threshold_interval(goal, evidence=wide), expected)
    assert_allclose(found.threshold_interval(goal, evidence=narrow), (min(low, nearest[0]), max(high, nearest[1])))


def test_replicates_without_width_take_the_interval_of_the_bands() -> None:
    counts = np.repeat(np.array([[[1], [3], [8], [9]], [[4], [5], [5], [5]]]), 7, axis=2)
    found = Replicates(np.array([1.0, 2.0, 3.0, 4.0]), *counts)
    evidence = evidence_of(found, 30)
    low, high = found.threshold_interval(Eer(), evidence=evidence)
    assert low <= Eer().threshold(evidence.curve) < high
    far, frr = found.rate_intervals(2.0, evidence=evidence)
    assert far[0] < 3 / 9 < far[1] and frr[0] == 0 < frr[1], "no error seen, but no certainty either"


def test_replicates_come_back_from_their_arrays() -> None:
    found = made()
    edges = np.concatenate([[0.0], found.thresholds])
    arrays = found.arrays("one") | {name: 0 * array for name, array in found.arrays("other").items()}
    again = Replicates.from_arrays("one", edges, arrays)
    assert_array_equal(again.false_accepts, found.false_accepts)
    assert_array_equal(again.true_accepts, found.true_accepts)
