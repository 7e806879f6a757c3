"""Sums over the triplets of a batch, one positive pair at a time, on either side of what counts as few positives."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from core.kernels.batch_triplets import _BUCKETS, FEW_POSITIVES, _fill_table, count_hardness, sum_band
from tests.core.spreads import KINDS, spread

NO_MASK = np.zeros((0, 0), bool)
SIZES = {"few": (5, 4, 2, 1), "many": (FEW_POSITIVES + 8, FEW_POSITIVES + 1, 3, 1)}
BANDS = {"all": (-inf, inf), "in band": (0.0, 1.0), "hard": (-inf, 0.0), "beyond": (0.5, inf), "nowhere": (1.0, 1.0)}


def labelled(sizes: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))


def tied(count: int, dtype: type) -> np.ndarray:
    """Distances of points on a line at halves: many are equal, and many differ by exactly a margin."""
    places = np.random.default_rng(1).integers(0, 9, size=count) / 2
    return np.abs(places[:, None] - places).astype(dtype)


class Loop:
    """The triplets of each positive pair; comparisons in the type of the distances, sums in float64."""

    def __init__(self, distances: np.ndarray, positive: np.ndarray, negative: np.ndarray) -> None:
        self.distances, self.positive, self.negative = distances, positive, negative

    def summed(self, low: float, high: float, margin: float, is_soft: bool) -> tuple[float, int, int, np.ndarray]:
        number = self.distances.dtype.type
        total, found, active, slopes = 0.0, 0, 0, np.zeros(self.distances.shape)
        for anchor, row in enumerate(self.distances):
            columns = np.flatnonzero(self.negative[anchor])
            for place in np.flatnonzero(self.positive[anchor]):
                to_negative = row[columns]
                taken = (to_negative >= row[place] + number(low)) & (to_negative < row[place] + number(high))
                gaps = np.subtract(row[place], to_negative[taken], dtype=np.float64)
                values = np.log1p(np.exp(gaps)) if is_soft else row[place] - to_negative[taken] + number(margin)
                weights = (1 / (1 + np.exp(-gaps)) if is_soft else 1.0) * (values > 0)
                total += float(values[values > 0].sum(dtype=np.float64))
                found, active = found + len(values), active + int((values > 0).sum())
                slopes[anchor, place] += weights.sum()
                slopes[anchor, columns[taken]] -= weights
        return total, found, active, slopes


def all_pairs(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    same = labels[:, None] == labels
    return same & ~np.eye(len(labels), dtype=bool), ~same


def check(distances: np.ndarray, labels: np.ndarray, loop: Loop, masks: tuple[np.ndarray, np.ndarray]) -> int:
    """The number of triplets found in all bands together."""
    together = 0
    for low, high in BANDS.values():
        for is_soft in (False, True):
            slopes = np.full(distances.shape, np.nan, distances.dtype)
            total, found, active = sum_band(distances, labels, low, high, 1.0, is_soft, *masks, slopes)
            expected = loop.summed(low, high, 1.0, is_soft)
            assert (found, active) == expected[1:3]
            close = 1e-5 if distances.dtype == np.float32 else 1e-10
            assert total == pytest.approx(expected[0], rel=close, abs=close)
            np.testing.assert_allclose(slopes, expected[3], rtol=close, atol=close)
            together += found
    return together


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", SIZES)
def test_all_triplets_of_the_labels_are_summed_with_their_ties(sizes: str, dtype: type) -> None:
    labels = labelled(SIZES[sizes])
    distances = tied(len(labels), dtype)
    assert check(distances, labels, Loop(distances, *all_pairs(labels)), (NO_MASK, NO_MASK)) > 100


@pytest.mark.parametrize("sizes", SIZES)
def test_of_masks_only_what_lies_between_them_is_summed(sizes: str) -> None:
    labels = labelled(SIZES[sizes])
    distances, generator = tied(len(labels), np.float64), np.random.default_rng(2)
    positive, negative = (mask & (generator.random(mask.shape) < 0.9) for mask in all_pairs(labels))
    positive[0], negative[1] = False, False
    assert check(distances, labels, Loop(distances, positive, negative), (positive, negative)) > 50


@pytest.mark.parametrize("kind", KINDS)
def test_many_positives_are_summed_as_few_are_on_points_of_any_kind(kind: str) -> None:
    points, labels = spread(kind, 90)
    points = points.astype(np.float64)
    distances = np.sqrt(np.square(points[:, None] - points).sum(axis=2))
    assert np.bincount(labels).max() > FEW_POSITIVES + 1
    unit = float(np.median(distances)) or 1.0
    loop, slopes = Loop(distances, *all_pairs(labels)), np.empty_like(distances)
    for low, high, margin in ((0.0, unit, unit), (-inf, inf, unit / 4)):
        total, found, active = sum_band(distances, labels, low, high, margin, False, NO_MASK, NO_MASK, slopes)
        expected = loop.summed(low, high, margin, False)
        assert (found, active) == expected[1:3] and active
        assert total == pytest.approx(expected[0], rel=1e-9)
        np.testing.assert_allclose(slopes, expected[3], rtol=1e-12)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]], ids=["one class", "one sample a class", "one sample"])
def test_no_triplet_is_a_sum_of_nothing(labels: list[int]) -> None:
    distances, slopes = tied(len(labels), np.float64), np.full((len(labels), len(labels)), np.nan)
    counted = sum_band(distances, np.array(labels), -inf, inf, 1.0, False, NO_MASK, NO_MASK, slopes)
    assert counted == (0.0, 0, 0) and not slopes.any()
    hard, below_margin, total = count_hardness(distances, np.array(labels), 1.0)
    assert (hard, below_margin, total) == (0, 0, 0)


@pytest.mark.parametrize("margin", [0.0, 0.5, 100.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", SIZES)
def test_hardness_counts_every_triplet_with_ties_on_the_far_side(sizes: str, dtype: type, margin: float) -> None:
    labels = labelled(SIZES[sizes])
    distances = tied(len(labels), dtype)
    hard, below_margin, total = 0, 0, 0
    for anchor, (of_positive, of_negative) in enumerate(zip(*all_pairs(labels), strict=True)):
        to_positive, to_negative = distances[anchor][of_positive], distances[anchor][of_negative]
        hard += int((to_negative < to_positive[:, None]).sum())
        below_margin += int((to_negative < to_positive[:, None] + dtype(margin)).sum())
        total += len(to_positive) * len(to_negative)
    assert count_hardness(distances, labels, margin) == (hard, below_margin, total)
    assert 0 < hard <= below_margin <= total


BROKEN = {"infinite": np.inf, "not a number": np.nan}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_distances_are_in_no_triplet_of_a_rule_and_leave_the_others_alone(broken: float) -> None:
    """As a training that diverges hands them on, before anybody looks whether they are finite."""
    labels = labelled(SIZES["many"])
    distances = tied(len(labels), np.float32)
    distances[3, 8], distances[8, 3], distances[5] = broken, broken, broken
    loop, slopes = Loop(distances, *all_pairs(labels)), np.empty_like(distances)
    total, found, active = sum_band(distances, labels, 0.0, 1.0, 1.0, False, NO_MASK, NO_MASK, slopes)
    expected = loop.summed(0.0, 1.0, 1.0, False)
    assert (found, active) == expected[1:3] and active
    assert total == pytest.approx(expected[0], rel=1e-5)
    np.testing.assert_allclose(slopes, expected[3], atol=1e-5)


@pytest.mark.parametrize(
    "positives",
    [[0.0, 1.0, np.inf], [np.inf] * 3, [0.0, 1.0, np.nan], [np.nan] * 3, [0.0, 1e-45, 2e-45], [-3e38, 0.0, 3e38]],
    ids=["endless", "all endless", "broken", "all broken", "too close for a scale", "too far for a scale"],
)
def test_no_distance_is_counted_beyond_the_table(positives: list[float]) -> None:
    guarded = np.zeros(_BUCKETS + 50, np.int32)
    table = guarded[20 : 20 + _BUCKETS + 1]
    with np.errstate(all="ignore"):
        _fill_table(np.array(positives, np.float32), table)
    assert table[0] == 0 and table[-1] == len(positives) and (np.diff(table) >= 0).all()
    assert not guarded[:20].any() and not guarded[20 + _BUCKETS + 1 :].any()
