"""Distances of blocks of rows against a plain loop, bit for bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.spatial.distance import cdist

from core.distances import DISTANCES, EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.statistics.distance_blocks import (
    DIRECT_LIMIT,
    DistanceRows,
    direct_matrix,
    distance_matrix,
    distinct_points,
)
from tests.core.spreads import KINDS, points_with_duplicates, spread


def by_hand(embeddings: np.ndarray, row: int, other: int) -> float:
    total = 0.0
    for dimension in range(embeddings.shape[1]):
        difference = float(embeddings[other, dimension]) - float(embeddings[row, dimension])
        total += difference * difference
    return sqrt(total)


def test_small_sets_equal_a_plain_loop_bit_for_bit() -> None:
    embeddings = points_with_duplicates(20, 7)
    expected = [[by_hand(embeddings, row, other) for other in range(20)] for row in range(20)]
    distances = distance_matrix(embeddings)
    assert (distances == np.array(expected)).all()
    assert (distances == distances.T).all()
    np.testing.assert_allclose(distances, cdist(embeddings, embeddings), rtol=1e-12)
    np.testing.assert_allclose(distance_matrix(embeddings, SQUARED_EUCLIDEAN), distances**2, rtol=1e-12)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN])
@pytest.mark.parametrize("dimensions", [1, 4, 7])
def test_large_sets_equal_a_plain_loop_bit_for_bit(distance: Distance, dimensions: int) -> None:
    embeddings = points_with_duplicates(DIRECT_LIMIT + 60, dimensions) + np.float32(100)  # far from the origin
    found = DistanceRows(embeddings, distance).block(2040, 2060)
    for row in (0, 7, 19):
        expected = np.array([by_hand(embeddings, 2040 + row, other) for other in range(len(embeddings))])
        if distance.power == 1:
            assert (found[row] == expected).all()
        np.testing.assert_allclose(found[row], expected**distance.power, rtol=1e-15)
    later = DistanceRows(embeddings, distance).block(2040, 2060, first=1000)
    assert (later == found[:, 1000:]).all() and (
        DistanceRows(embeddings, distance).of(np.array([2050])) == found[10]
    ).all()


@pytest.mark.parametrize("kind", KINDS)
def test_points_of_any_kind_equal_a_plain_loop_bit_for_bit(kind: str) -> None:
    points, _ = spread(kind, 40)
    expected = [[by_hand(points, row, other) for other in range(40)] for row in range(40)]
    assert_array_equal(distance_matrix(points), expected)
    assert_array_equal(
        DistanceRows(points).of(np.array([7, 3, 7]), first=5, last=21), np.array(expected)[[7, 3, 7], 5:21]
    )


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_rows_of_any_distance_are_those_of_its_matrix(kind: type[Distance]) -> None:
    distance = kind()
    points = distance.prepared(points_with_duplicates(300, 5))
    whole = distance_matrix(points, distance)
    rows = DistanceRows(points, distance)
    assert whole.dtype == np.float64 and (whole == whole.T).all()
    np.testing.assert_allclose(whole[:9, :9], distance.between(points[:9], points[:9]), rtol=1e-13, atol=1e-15)
    assert_array_equal(rows.block(250, 300), whole[250:])
    assert_array_equal(rows.block(3, 9, first=2, last=200), whole[3:9, 2:200])
    some = np.array([299, 0, 4])
    assert_array_equal(rows.of(some), whole[some])
    assert rows.block(5, 5).shape == (0, 300)


def test_a_matrix_at_hand_is_taken_in_the_order_of_the_points() -> None:
    points, order = points_with_duplicates(50, 4), np.random.default_rng(1).permutation(50)[:30]
    matrix = distance_matrix(points)
    rows = DistanceRows(points[order], EUCLIDEAN, matrix, order)
    assert_array_equal(rows.block(2, 9, first=4, last=20), DistanceRows(points[order]).block(2, 9, first=4, last=20))
    marked = np.full_like(matrix, 7.0)
    assert (DistanceRows(points, EUCLIDEAN, marked).block(0, 3) == 7).all(), "nothing is computed anew"


def test_rows_may_be_asked_for_by_several_threads() -> None:
    rows = DistanceRows(points_with_duplicates(400, 6))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda start: rows.block(start, start + 20), range(0, 400, 20)))
    assert_array_equal(np.concatenate(found), rows.block(0, 400))


def test_the_whole_matrix_is_held_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    points = points_with_duplicates(30, 3)
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 30)
    assert_array_equal(direct_matrix(points), distance_matrix(points))
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", 29)
    assert direct_matrix(points) is None


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64])
def test_copies_are_one_point_whatever_the_sign_of_zero(kind: type) -> None:
    points = np.array([[0, 1], [2, 3], [-0.0, 1], [2, 3], [5, 5]]).astype(kind)
    distinct, place = distinct_points(points)
    assert place is not None and len(distinct) == 3
    assert_array_equal(distinct[place], points)
    assert place[0] == place[2] and place[1] == place[3]
    assert distinct.dtype == (np.float32 if kind is np.float32 else np.float64)


def test_points_that_all_differ_stay_as_they_are() -> None:
    points = np.random.default_rng(0).normal(size=(500, 3))
    points[1] = np.nextafter(points[0], np.inf)
    distinct, place = distinct_points(points)
    assert place is None
    assert_array_equal(distinct, points)
