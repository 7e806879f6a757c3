"""Searches among the negatives of each anchor, and sums of weighted triplets, one at a time."""

from __future__ import annotations

import math
from math import inf

import numpy as np
import pytest

from core.kernels.mining import draw_in_band, nearest_beyond, sum_focused
from core.statistics.distance_blocks import distance_matrix
from tests.core.spreads import KINDS, spread

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def tied(dtype: type, count: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Distances of points on a line at halves, labels of unequal classes."""
    generator = np.random.default_rng(0)
    places, labels = (
        generator.integers(0, 12, size=count) / 2,
        generator.choice(4, size=count, p=[0.5, 0.3, 0.15, 0.05]),
    )
    return np.abs(places[:, None] - places).astype(dtype), labels


def positive_pairs(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    same = (labels[:, None] == labels) & ~np.eye(len(labels), dtype=bool)
    anchor, positive = np.nonzero(same)
    return np.ascontiguousarray(anchor), np.ascontiguousarray(positive)  # as the miners give them


@DTYPES
def test_the_nearest_negative_beyond_is_the_lower_row_of_equal_ones(dtype: type) -> None:
    distances, labels = tied(dtype)
    anchors, positives = positive_pairs(labels)
    expected, ties = [], 0
    for anchor, positive in zip(anchors, positives, strict=True):
        row = distances[anchor]
        beyond = [n for n in range(len(row)) if labels[n] != labels[anchor] and row[n] > row[positive]]
        expected.append(min(beyond, key=lambda n, row=row: (row[n], n)) if beyond else -1)
        ties += beyond != [] and sum(row[n] == row[expected[-1]] for n in beyond) > 1
    assert nearest_beyond(distances, labels, anchors, positives).tolist() == expected
    assert ties > 10 and -1 in expected


@pytest.mark.parametrize("kind", KINDS)
def test_points_of_any_kind_have_the_negatives_of_sorted_rows(kind: str) -> None:
    points, labels = spread(kind, 60)
    distances = distance_matrix(points)
    anchors, positives = positive_pairs(labels)
    unit, expected, inside = float(np.median(distances)), [], []
    for anchor, positive in zip(anchors, positives, strict=True):
        row = distances[anchor]
        ordered = sorted(np.flatnonzero(labels != labels[anchor]).tolist(), key=lambda n, row=row: (row[n], n))
        expected.append(next((n for n in ordered if row[n] > row[positive]), -1))
        band = [n for n in sorted(ordered) if row[positive] < row[n] < row[positive] + unit]
        inside.append(band[len(band) // 2] if band else -1)
    assert nearest_beyond(distances, labels, anchors, positives).tolist() == expected
    halves = np.full(len(anchors), 0.5)
    assert draw_in_band(distances, labels, anchors, positives, halves, unit).tolist() == inside


def test_no_pair_has_no_negative() -> None:
    nothing = np.zeros(0, np.int64)
    assert nearest_beyond(np.zeros((2, 2)), np.zeros(2, np.int64), nothing, nothing).tolist() == []
    one_class = nearest_beyond(np.ones((2, 2)), np.zeros(2, np.int64), np.array([0, 1]), np.array([1, 0]))
    assert one_class.tolist() == [-1, -1]


@DTYPES
@pytest.mark.parametrize("share", [0.0, 0.3, math.nextafter(1, 0)])
def test_a_share_chooses_among_the_negatives_strictly_in_the_band(share: float, dtype: type) -> None:
    distances, labels = tied(dtype)
    anchors, positives = positive_pairs(labels)
    shares, expected = np.full(len(anchors), share), []
    for anchor, positive in zip(anchors, positives, strict=True):
        row = distances[anchor]
        low, high = row[positive], row[positive] + dtype(1.5)
        inside = [n for n in range(len(row)) if labels[n] != labels[anchor] and low < row[n] < high]
        expected.append(inside[int(share * len(inside))] if inside else -1)
    assert draw_in_band(distances, labels, anchors, positives, shares, 1.5).tolist() == expected
    assert -1 in expected and len(set(expected)) > 3


def weighted_by_hand(
    distances: np.ndarray,
    labels: np.ndarray,
    band: tuple[float, float],
    margin: float | None,
    focus: float,
    unit: float,
) -> tuple[float, int, int, np.ndarray]:
    total, found, active, slopes = 0.0, 0, 0, np.zeros(distances.shape)
    for anchor, positive in zip(*positive_pairs(labels), strict=True):
        for negative in np.flatnonzero(labels != labels[anchor]):
            reached, away = float(distances[anchor, positive]), float(distances[anchor, negative])
            if not reached + band[0] <= away < reached + band[1]:
                continue
            found += 1
            ratio = (away - reached) / unit
            weight = (1 / (1 + math.exp(ratio)) if ratio < 700 else 0.0) ** focus
            value = math.log1p(math.exp(reached - away)) if margin is None else reached - away + margin
            if value > 0:
                slope = weight / (1 + math.exp(away - reached)) if margin is None else weight
                total, active = total + weight * value, active + (weight > 0)
                slopes[anchor, positive] += slope
                slopes[anchor, negative] -= slope
    return total, found, active, slopes


@DTYPES
@pytest.mark.parametrize("band", [(-inf, inf), (0.0, 1.0)], ids=["all", "in band"])
@pytest.mark.parametrize(("focus", "unit"), [(2.0, 1.0), (0.5, 0.3), (1.0, 1e-3), (3.0, 1e-4)])
@pytest.mark.parametrize("margin", [None, 1.0])
def test_triplets_count_by_their_hardness_and_hold_their_weights(
    margin: float | None, focus: float, unit: float, band: tuple[float, float], dtype: type
) -> None:
    """Down to temperatures at which the exponential of a difference overflows."""
    distances, labels = tied(dtype, 16)
    slopes = np.full(distances.shape, np.nan, dtype)
    with np.errstate(over="ignore"):
        rule = *band, margin or 0.0, margin is None
        total, found, active = sum_focused(distances, labels, *rule, focus, unit, slopes)
    expected = weighted_by_hand(distances, labels, band, margin, focus, unit)
    close = 1e-5 if dtype is np.float32 else 1e-9
    assert (found, active) == expected[1:3] and active > 0
    assert total == pytest.approx(expected[0], rel=close)
    np.testing.assert_allclose(slopes, expected[3], rtol=close, atol=close)
