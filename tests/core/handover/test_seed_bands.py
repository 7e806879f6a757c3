"""The mean over seeds between the lowest and the highest of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.comparison.results import Training
from core.handover.seed_bands import band_of
from tests.core.found_results import STEPS, found


def cut(training: Training, *steps: int) -> Training:
    return training._replace(snapshots=[at for at in training.snapshots if at.step in steps])


def test_of_the_same_updates_it_is_mean_lowest_and_highest() -> None:
    own = [one for one in found().trainings if one.strategy == "random"]
    band = band_of(own, "map_at_r")
    assert band is not None and band.seeds == 3
    by_hand = np.array([[at.map_at_r for at in one.snapshots] for one in own])
    np.testing.assert_array_equal(band.updates, STEPS)
    np.testing.assert_allclose(band.mean, [sum(column) / 3 for column in by_hand.T])
    np.testing.assert_array_equal([band.low, band.high], [by_hand[0], by_hand[2]])
    assert (band.high - band.low > 0.03).all(), "the seeds must differ"


def test_where_they_were_looked_at_otherwise_straight_lines_are_between_and_no_curve_is_drawn_on() -> None:
    first, second, _ = [one for one in found().trainings if one.strategy == "random"]
    band = band_of([cut(first, 0, 4, 14, 28), cut(second, 2, 14, 84)], "map_at_r")
    assert band is not None
    np.testing.assert_array_equal(band.updates, [2, 4, 14, 28])
    at = {one.step: one.map_at_r for one in first.snapshots}
    assert band.low[0] == (at[0] + at[4]) / 2, "half way from 0 to 4"


def test_folds_of_a_seed_are_one_curve() -> None:
    own = [one for one in found(seeds=2, folds=2).trainings if one.strategy == "random"]
    higher = [replace(at, map_at_r=(at.map_at_r or 0) + 0.5) for at in own[0].snapshots]
    band = band_of([own[0]._replace(snapshots=higher), *own[1:]], "map_at_r")
    assert band is not None
    np.testing.assert_allclose(band.mean - band_of(own, "map_at_r").mean, 0.5 / 4)


def test_a_seed_of_which_a_fold_is_missing_does_not_count() -> None:
    own = [one for one in found(seeds=2, folds=2).trainings if one.strategy == "random"]
    whole = [one for one in own if one.seed == 1]
    band, expected = band_of([own[0], *whole], "map_at_r", 2), band_of(whole, "map_at_r", 2)
    assert band is not None and expected is not None and band.seeds == 1
    np.testing.assert_array_equal(band.mean, expected.mean)
    assert band_of(own[:1], "map_at_r", 2) is None


def test_a_number_that_nobody_has_is_no_curve() -> None:
    assert band_of(found().trainings, "rank_share") is None
