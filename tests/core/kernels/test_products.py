"""Distances from inner products against differences in float64."""

from __future__ import annotations

import numpy as np
import pytest

from core.kernels.products import put_squares, to_distances, to_squares


@pytest.mark.parametrize("rooted", [True, False])
def test_distances_are_those_of_differences(rooted: bool) -> None:
    points = np.random.default_rng(0).normal(size=(9, 4))
    norms, products = (points**2).sum(axis=1), points[:3] @ points.T
    to_distances(products, norms[:3], norms, rooted)
    squares = np.array([[((one - other) ** 2).sum() for other in points] for one in points[:3]])
    np.testing.assert_allclose(products, np.sqrt(squares) if rooted else squares, atol=1e-7)


def test_squares_of_some_columns_stand_where_these_are() -> None:
    points = np.random.default_rng(0).normal(size=(9, 4)).astype(np.float32)
    points[5] = points[1]  # no square of a copy is below 0
    norms, squares = np.square(points).sum(axis=1), np.full((3, 9), -1, np.float32)
    put_squares(np.ascontiguousarray(-2 * points[:3] @ points[4:8].T), norms[:3], norms[4:8], 4, squares)
    expected = np.square(points[:3, None].astype(np.float64) - points[4:8]).sum(axis=2)
    np.testing.assert_allclose(squares[:, 4:8], expected, atol=1e-5)
    assert (squares[:, 4:8] >= 0).all() and (squares[:, [0, 1, 2, 3, 8]] == -1).all()


def test_a_square_that_rounding_makes_negative_is_zero() -> None:
    single, double = np.array([[1.5]], np.float32), np.array([[1.5]])
    to_squares(single, np.ones(1, np.float32), np.ones(1, np.float32))
    to_distances(double, np.ones(1), np.ones(1), True)
    assert single[0, 0] == double[0, 0] == 0
