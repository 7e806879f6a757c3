"""The bound on products in float32, on points of every kind that float32 has room for."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import SQUARED_EUCLIDEAN
from core.statistics.distance_blocks import distance_matrix
from core.statistics.rounding import rough_error
from tests.core.spreads import KINDS, spread


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "huge"])
@pytest.mark.parametrize("moved", [True, False], ids=["moved", "as given"])
def test_no_square_by_products_is_off_by_more_than_the_bound(kind: str, moved: bool) -> None:
    points = spread(kind, 200)[0].astype(np.float64)
    points = points - points.mean(axis=0) if moved else points
    if np.square(points).sum(axis=1).max() > 1e37:
        points *= 1e15 / np.abs(points).max()
    narrow, norms = points.astype(np.float32), np.square(points).sum(axis=1)
    squares = norms.astype(np.float32)[:, None] + norms.astype(np.float32) - np.float32(2) * (narrow @ narrow.T)
    lengths = np.sqrt(norms)
    bound = rough_error(lengths, lengths.max(), points.shape[1])
    off = np.abs(squares.astype(np.float64) - distance_matrix(points, SQUARED_EUCLIDEAN))
    assert bound.shape == (200,) and (off.max(axis=1) <= bound).all()


def test_the_bound_is_the_sum_of_its_roundings() -> None:
    own, longest, dimensions = 3.0, 5.0, 7
    expected = 6e-8 * (2 * 9 * 15 + 8 * 64) + 7e-37
    assert rough_error(np.array([own]), longest, dimensions)[0] == pytest.approx(expected, rel=1e-14)


def test_the_bound_is_tight_to_three_digits_of_a_square() -> None:
    """Of unit length and 64 dimensions; a bound ten times as large would leave every pair open."""
    assert float(rough_error(np.ones(1), 1.0, 64)[0]) < 1e-5
