"""Distances from inner products against differences in float64."""

from __future__ import annotations

import numpy as np
import pytest

from core.kernels.products import to_distances, to_squares


@pytest.mark.parametrize("rooted", [True, False])
def test_distances_are_those_of_differences(rooted: bool) -> None:
    points = np.random.default_rng(0).normal(size=(9, 4))
    norms, products = (points**2).sum(axis=1), points[:3] @ points.T
    to_distances(products, norms[:3], norms, rooted)
    squares = np.array([[((one - other) ** 2).sum() for other in points] for one in points[:3]])
    np.testing.assert_allclose(products, np.sqrt(squares) if rooted else squares, atol=1e-7)


def test_a_square_that_rounding_makes_negative_is_zero() -> None:
    single, double = np.array([[1.5]], np.float32), np.array([[1.5]])
    to_squares(single, np.ones(1, np.float32), np.ones(1, np.float32))
    to_distances(double, np.ones(1), np.ones(1), True)
    assert single[0, 0] == double[0, 0] == 0
