"""Squared distances added up as a plain loop adds them, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.kernels.direct_differences import direct_squares
from tests.core.spreads import KINDS, spread


def squares(points: np.ndarray, rows: list[int], first: int, width: int) -> np.ndarray:
    found = np.full((len(rows), width), np.nan)
    direct_squares(np.ascontiguousarray(points.T, dtype=np.float64), np.array(rows, np.int64), first, found)
    return found


def by_hand(points: np.ndarray, rows: list[int], first: int, width: int) -> list[list[float]]:
    table = points.astype(np.float64).tolist()
    found = []
    for row in rows:
        line = []
        for other in range(first, first + width):
            total = 0.0
            for here, there in zip(table[row], table[other], strict=True):
                total += (there - here) * (there - here)
            line.append(total)
        found.append(line)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_points_of_any_kind_have_the_squares_of_a_plain_loop(kind: str) -> None:
    points, _ = spread(kind, 60)
    assert_array_equal(squares(points, [3, 59, 3, 0, 17], 5, 40), by_hand(points, [3, 59, 3, 0, 17], 5, 40))


@pytest.mark.parametrize("dimensions", [1, 3, 4, 5, 8, 11])
def test_any_number_of_dimensions_rows_and_columns_is_walked_whole(dimensions: int) -> None:
    points = np.random.default_rng(0).normal(size=(700, dimensions))
    for rows in ([0], [699, 1], [4, 5, 6]):
        found = squares(points, rows, 0, 700)
        assert_array_equal(found[:, 500:520], by_hand(points, rows, 500, 20))
        np.testing.assert_allclose(found, np.square(points[rows][:, None] - points).sum(axis=2), rtol=1e-14)
        assert_array_equal(squares(points, rows, 130, 570), found[:, 130:])


def test_no_row_and_no_column_is_nothing() -> None:
    assert squares(np.ones((3, 2)), [], 0, 3).shape == (0, 3)
    assert squares(np.ones((3, 2)), [1], 3, 0).shape == (1, 0)
