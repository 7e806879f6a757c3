"""Blocks of distances within their bound of the definition, and the pairs accepted exactly, ties included."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine, DotProduct, Manhattan
from core.distances.base import Distance
from core.statistics.distance_blocks import distance_matrix
from core.statistics.exact_distances import exact_distances
from tests.core.spreads import KINDS, spread

DISTANCES = [EUCLIDEAN, SQUARED_EUCLIDEAN, Cosine(), Manhattan(), DotProduct()]


def lattice(count: int = 60, seed: int = 0) -> np.ndarray:
    """Points at whole numbers far from the origin: many ties, and some points in one place."""
    return np.random.default_rng(seed).integers(3, 7, size=(count, 3)).astype(np.float32)


@pytest.mark.parametrize("distance", DISTANCES, ids=str)
def test_every_tie_at_the_threshold_is_accepted(distance: Distance) -> None:
    points = lattice()
    expected = distance_matrix(distance.prepared(points), distance)
    distances = exact_distances(distance.prepared(points), distance)
    thresholds = np.unique(expected)[::3]
    assert len(thresholds) > 3 and np.median([(expected == value).sum() for value in thresholds]) > 2
    for threshold in thresholds:
        for nudged in (np.nextafter(threshold, -np.inf), threshold):
            assert (distances.accepted(7, 50, nudged) == (expected[7:50] <= nudged)).all()


@pytest.mark.parametrize("scale", [1e-3, 100.0])
@pytest.mark.parametrize("distance", DISTANCES, ids=str)
def test_a_pair_at_the_threshold_is_accepted_however_its_product_is_rounded(distance: Distance, scale: float) -> None:
    points = scale * np.random.default_rng(2).normal(size=(60, 16))
    expected = distance_matrix(distance.prepared(points), distance)
    distances = exact_distances(distance.prepared(points), distance)
    for threshold in np.unique(expected)[1::40]:
        for nudged in (np.nextafter(threshold, -np.inf), threshold):
            assert (distances.accepted(0, 60, nudged) == (expected <= nudged)).all()


@pytest.mark.parametrize("distance", DISTANCES, ids=str)
def test_blocks_are_within_their_bound_and_exact_on_demand(distance: Distance) -> None:
    points = np.random.default_rng(1).normal(size=(80, 16)) + 100
    expected = distance_matrix(distance.prepared(points), distance)
    distances = exact_distances(distance.prepared(points), distance)
    block = distances.block(10, 30, first=20, last=75)
    assert block.shape == (20, 55) and distances.block(10, 30).shape == (20, 80)
    assert np.abs(block - expected[10:30, 20:75]).max() <= distances.slack < 1e-3
    assert distances.slack == 0 or (block != expected[10:30, 20:75]).any(), "products must round in some places"
    rows_a, rows_b = np.arange(10, 30), np.arange(50, 70)
    found = distances.exact(block[rows_a - 10, rows_b - 20], rows_a, rows_b)
    assert (found == expected[rows_a, rows_b]).all()


def test_points_in_one_place_are_accepted_at_0() -> None:
    distances = exact_distances(np.full((5, 3), 7.0))
    assert distances.slack == 0 and distances.accepted(1, 3, 0.0).all()
    assert not distances.accepted(1, 3, np.nextafter(0.0, -1.0)).any()


def test_no_distance_is_below_and_each_is_below_infinity() -> None:
    distances = exact_distances(lattice())
    assert not distances.accepted(0, 60, -1.0).any()
    assert distances.accepted(0, 60, np.inf).all()


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN, Manhattan()], ids=lambda distance: distance.name)
@pytest.mark.parametrize("kind", KINDS)
def test_the_pairs_within_a_span_are_those_of_the_exact_distances(kind: str, distance: Distance) -> None:
    """Both ends are distances of pairs: the lower one is left out, the upper one belongs to it."""
    points, _ = spread(kind, 120)
    exact = distance_matrix(points, distance)
    values = np.unique(exact[np.triu_indices(120, 1)])
    single = [(np.nextafter(value, -1.0), value) for value in values[::500]]  # at either end of which lies a pair
    spans = [(values[len(values) // 3], values[len(values) // 2]), (-1.0, values[0]), (values[-2], np.inf), *single]
    for low, high in spans:
        expected = [
            (exact[row, column], row, column)
            for row in range(40, 70)
            for column in range(row + 1, 120)
            if low < exact[row, column] <= high
        ]
        found = exact_distances(points, distance).within(40, 70, np.array([[low, high]]))
        assert sorted(zip(*(array.tolist() for array in found), strict=True)) == sorted(expected)
