"""The grid of thresholds follows the data: every distance where there are few, else those at which something shows."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.statistics.pair_distances import PairDistances
from core.statistics.roc import Curve
from core.statistics.threshold_grid import (
    BARS,
    MOST_THRESHOLDS,
    bar_ends,
    bars_of,
    decimals_of,
    distinct_values,
    refusing,
    threshold_grid,
)


def drawn(low: float, spread: float, count: int = 20_000, seed: int = 0) -> PairDistances:
    """Genuine pairs, a tenth as many as impostors, in the lower half of a span."""
    generator = np.random.default_rng(seed)
    genuine, impostor = generator.beta(4, 9, count // 10), generator.beta(9, 4, count)
    return PairDistances(np.sort(low + spread * genuine), np.sort(low + spread * impostor))


def curve_on(pairs: PairDistances, grid: np.ndarray) -> Curve:
    accepted = (np.searchsorted(kind, grid[1:], side="right") for kind in (pairs.negative, pairs.positive))
    return Curve(grid[1:], *accepted, len(pairs.negative), len(pairs.positive))


SPANS = [(0.0, 2.0), (1e-4, 1.5e-3), (-1e6, 5.0), (1.0, 1e-12), (0.0, 1e300)]


@pytest.mark.parametrize(("low", "spread"), SPANS)
def test_steps_are_as_narrow_as_the_data(low: float, spread: float) -> None:
    pairs = drawn(low, spread)
    grid, curve = threshold_grid(pairs), curve_on(pairs, threshold_grid(pairs))
    assert (np.diff(grid) > 0).all() and MOST_THRESHOLDS / 2 < len(grid) <= MOST_THRESHOLDS + 4 or spread < 1e-9
    assert curve.false_accepts[0] == curve.true_accepts[0] == 0, "the first threshold refuses everybody"
    assert curve.false_accepts[-1] == len(pairs.negative) and curve.true_accepts[-1] == len(pairs.positive)
    assert np.isin(grid[2:], np.concatenate([pairs.positive, pairs.negative])).all()
    if spread > 1e-9:
        assert {1, 2, 3, 4, 5} <= set(curve.false_accepts.tolist())
        refused = len(pairs.positive) - curve.true_accepts
        assert {0, 1, 2, 3} <= set(refused.tolist())
        assert np.diff(curve.false_accept_rate).max() < 0.03 and np.diff(curve.true_accept_rate).max() < 0.03


def test_few_distances_are_all_thresholds_and_ties_one() -> None:
    pairs = PairDistances(np.repeat([1.0, 2.0], 5000), np.repeat([2.0, 5.0], 5000))
    step = 4 / 1024
    assert threshold_grid(pairs).tolist() == [1 - 2 * step, 1 - step, 1.0, 2.0, 5.0]
    assert distinct_values([pairs.positive, pairs.negative], 2) is None


def test_pairs_that_could_not_be_compared_are_no_thresholds() -> None:
    pairs = PairDistances(np.array([1.0, np.inf]), np.array([2.0, 3.0, np.inf]))
    assert threshold_grid(pairs)[2:].tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(("low", "spread"), SPANS[:3])
def test_no_bin_lies_in_two_bars(low: float, spread: float) -> None:
    pairs = drawn(low, spread)
    curve = curve_on(pairs, threshold_grid(pairs))
    ends, bar = bars_of(curve)
    assert len(ends) == BARS + 1
    assert_array_equal(ends, bar_ends(min(pairs.positive[0], pairs.negative[0]), pairs.negative[-1]))
    counts = np.bincount(bar, weights=np.diff(curve.false_accepts, prepend=0), minlength=BARS)
    place = np.clip(np.searchsorted(ends, pairs.negative, side="left") - 1, 0, BARS - 1)
    assert_array_equal(counts, np.bincount(place, minlength=BARS))


def test_the_bars_of_fewer_pairs_on_the_grid_of_all_hold_what_lies_in_them() -> None:
    """As those of the half of the identities that reports, which reaches less far than all of them."""
    generator = np.random.default_rng(4)
    pairs = PairDistances(np.sort(generator.normal(16, 1.5, 5000)), np.sort(generator.normal(20, 2, 50_000)))
    half = PairDistances(pairs.positive[pairs.positive > 13], pairs.negative[(pairs.negative < 25.3)])
    curve = curve_on(half, threshold_grid(pairs))
    ends, bar = bars_of(curve)
    for kind, accepted in ((half.positive, curve.true_accepts), (half.negative, curve.false_accepts)):
        counts = np.bincount(bar, weights=np.diff(accepted, prepend=0), minlength=BARS)
        place = np.clip(np.searchsorted(ends, kind, side="left") - 1, 0, BARS - 1)
        assert_array_equal(counts, np.bincount(place, minlength=BARS))


@pytest.mark.parametrize("start", [0.0, 3.0])
def test_thresholds_at_equal_steps_have_bars_of_as_many(start: float) -> None:
    """Those of an older snapshot, the first of which opens at 0 or wherever its step begins."""
    counts = np.arange(1, 129)
    ends, bar = bars_of(Curve(start + counts / 2, counts, counts, 128, 128))
    assert ends.tolist() == [start + place for place in range(65)] and bar.tolist() == [n // 2 for n in range(128)]


def test_steps_that_differ_by_a_millionth_are_equal() -> None:
    counts = np.arange(1, 4)
    for shorter, bars in ((999_999.0, 3), (999_998.0, BARS)):
        ends, _ = bars_of(Curve(np.array([0.0, 1e6, 1e6 + shorter]), counts, counts, 3, 3))
        assert len(ends) == bars + 1


def test_a_single_threshold_is_one_bar() -> None:
    ends, bar = bars_of(Curve(np.array([5.0]), np.array([1]), np.array([1]), 1, 1))
    assert ends.tolist() == [4.0, 5.0] and bar.tolist() == [0]


def test_refusing_lies_below_everything() -> None:
    for smallest, largest in ((0.0, 2.0), (5.0, 5.0), (-9.0, -5.0), (1e300, 1e300), (1.0, 1.0 + 1e-15)):
        assert refusing(smallest, largest) < smallest


def test_decimals_tell_distances_apart() -> None:
    for spread, decimals in ((2.0, 3), (0.0015, 6), (40.0, 3), (1e-9, 12)):
        pairs = PairDistances(np.array([1.0, 1.0 + spread / 2]), np.array([1.0 + spread]))
        assert decimals_of(curve_on(pairs, threshold_grid(pairs))) == decimals
