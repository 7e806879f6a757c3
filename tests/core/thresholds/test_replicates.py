"""Intervals of replicates, and replicates kept in a file."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from core.thresholds.goals import FAR, Goal
from core.thresholds.replicates import Replicates, percentiles


def made(replicates=21, steps=40):
    generator = np.random.default_rng(0)
    counts = generator.integers(0, 30, size=(2, steps, replicates)).cumsum(1)
    return Replicates(np.linspace(0.1, 4.0, steps), *counts)


def test_intervals_hold_the_middle_of_the_replicates():
    assert_allclose(percentiles(np.arange(101.0), 0.9), (5.0, 95.0))


def test_the_goal_is_sought_on_every_replicate():
    found = made()
    goal = Goal(FAR, 0.3)
    chosen = [goal.threshold(curve) for curve in found.curves()]
    assert len(set(chosen)) > 3
    assert_allclose(found.threshold_interval(goal, 0.9), np.quantile(chosen, [0.05, 0.95]))


def test_bands_are_those_of_the_rates():
    found = made()
    rates = np.stack([curve.false_reject_rate for curve in found.curves()])
    assert_allclose(found.false_reject_band(), np.quantile(rates, [0.025, 0.975], axis=0), atol=1e-12)
    rates = np.stack([curve.false_accept_rate for curve in found.curves()])
    assert_allclose(found.false_accept_band(), np.quantile(rates, [0.025, 0.975], axis=0), atol=1e-12)


def test_replicates_come_back_from_their_arrays():
    found = made()
    edges = np.concatenate([[0.0], found.thresholds])
    again = Replicates.from_arrays(edges, found.arrays())
    assert_array_equal(again.false_accepts, found.false_accepts)
    assert_array_equal(again.true_accepts, found.true_accepts)
