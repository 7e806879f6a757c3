"""Intervals of thresholds from the bands of both rates, against a loop over what the rates might be."""

import numpy as np
import pytest

from core.evidence.joint_intervals import joint_threshold_interval
from core.statistics.roc import Curve
from core.verification.goals import Accuracy, Cost, Eer, Far, FBeta, Hand, Youden
from core.verification.goals.base import Goal
from tests.core.evidence.test_evidence import made

GOALS = [Eer(), Accuracy(), Youden(), FBeta(0.5), Cost(5.0, 1.0, 0.3)]


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_the_choice_on_any_rates_within_the_bands_is_inside(goal: Goal) -> None:
    found = made()
    curve, generator = found.curve, np.random.default_rng(0)
    low, high = joint_threshold_interval(found, goal)
    assert low < goal.threshold(curve) < high
    assert curve.thresholds[0] < low or high < curve.thresholds[-1]
    far, frr = found.false_accept_band(), found.false_reject_band()
    chosen = set()
    for _ in range(200):
        accept, reject = (
            np.sort(generator.random((2, 20)), axis=1) if generator.random() < 0.5 else generator.random((2, 1))
        )
        wrongly = np.maximum.accumulate(far.low + accept * (far.high - far.low)) * 10**7
        missed = np.minimum.accumulate(frr.low + reject * (frr.high - frr.low)) * 10**7
        # As many pairs of either kind as the curve has, times a number that makes the counts whole.
        scaled = (
            np.rint(wrongly * curve.negative_count / 10**7 * 1000),
            np.rint((1 - missed / 10**7) * curve.positive_count * 1000),
        )
        drawn = Curve(
            curve.thresholds,
            *(counts.astype(np.int64) for counts in scaled),
            curve.negative_count * 1000,
            curve.positive_count * 1000,
        )
        chosen.add(goal.threshold(drawn))
    assert low <= min(chosen) and max(chosen) <= high and len(chosen) > 1


def test_limits_have_the_interval_of_their_own_rate_and_none_is_by_hand() -> None:
    found = made()
    goal = Far(0.05)
    assert joint_threshold_interval(found, goal) == found.threshold_interval(goal)
    assert joint_threshold_interval(found, Hand(0.5)) is None


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_bands_within_one_step_leave_the_neighbours(goal: Goal) -> None:
    found = made(negatives=4 * 10**14, positives=9 * 10**12)
    thresholds = found.curve.thresholds
    low, high = joint_threshold_interval(found, goal)
    place = np.searchsorted(thresholds, goal.threshold(found.curve))
    assert low <= thresholds[place - 1] < thresholds[place + 1] <= high and high - low < 1.0
