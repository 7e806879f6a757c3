"""Rows of distances by products: within their bound of the exact ones on every kind of points."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.statistics.distance_blocks import distance_matrix
from core.statistics.product_blocks import ProductRows, Reach, RoughRows
from tests.core.spreads import KINDS, spread

ROWS = np.array([5, 0, 119, 60])


@pytest.mark.parametrize("rooted", [True, False], ids=["rooted", "squared"])
@pytest.mark.parametrize("kind", KINDS)
def test_squares_are_off_by_at_most_their_share(kind: str, rooted: bool) -> None:
    points, _ = spread(kind, 120)
    rows, found = ProductRows(points, rooted=rooted), np.empty((len(ROWS), 120))
    if not rows.are_usable:
        assert kind == "vanishing"
        return
    reach = rows.block(ROWS, found)
    exact = distance_matrix(points, EUCLIDEAN if rooted else SQUARED_EUCLIDEAN)[ROWS]
    squares, exact_squares = (found**2, exact**2) if rooted else (found, exact)
    allowed = reach.share * (2 * reach.lengths[:, None] + np.sqrt(exact_squares)) ** 2
    assert (np.abs(squares - exact_squares) <= allowed + 1e-15 * exact_squares).all()
    assert (reach.rooted, reach.share) == (rooted, rows.share) and (found >= 0).all()


@pytest.mark.parametrize("step", [1.0, 1 / 256, 1 / 65_536])
def test_whole_numbers_of_some_step_are_not_off_at_all(step: float) -> None:
    points = step * np.random.default_rng(0).integers(-9, 10, size=(60, 12))
    rows, found = ProductRows(points.astype(np.float32), rooted=True), np.empty((4, 60))
    assert rows.share == 0 and rows.block(np.arange(4), found).share == 0
    assert_array_equal(found, distance_matrix(points)[:4])


@pytest.mark.parametrize("points", [np.full((3, 4), 0.1), np.full((3, 2**6), 2.0**26), np.eye(3) / 1000])
def test_what_has_no_step_or_too_many_digits_is_not_whole(points: np.ndarray) -> None:
    assert ProductRows(points, rooted=True).share > 0


@pytest.mark.parametrize(
    ("size", "usable"), [(1.0, True), (1e-139, True), (1e-141, False), (1e149, True), (1e151, False)]
)
def test_products_say_nothing_where_squares_vanish_or_have_no_end(size: float, usable: bool) -> None:
    points = size * np.array([[-0.7, 0.1], [0.7, -0.3], [0.0, 0.2]])
    with np.errstate(over="ignore"):
        assert ProductRows(points, rooted=True).are_usable == usable


def test_a_point_is_exactly_no_distance_from_its_copies() -> None:
    points = np.random.default_rng(0).normal(size=(20, 8))
    points[7] = points[3]
    found = np.empty((1, 20))
    ProductRows(points, rooted=False).block(np.array([3]), found)
    assert found[0, 7] == found[0, 3] <= 1e-13


def test_the_reach_of_some_rows_is_theirs() -> None:
    reach = Reach(1e-15, True, np.array([1.0, 2.0, 3.0]))
    assert reach.of(slice(1, 3)).lengths.tolist() == [2.0, 3.0]
    taken = reach.of(np.array([True, False, True]))
    assert (taken.share, taken.rooted, taken.lengths.tolist()) == (1e-15, True, [1.0, 3.0])


@pytest.mark.parametrize(("limit", "is_exact"), [(119, False), (120, True)])
def test_up_to_so_many_points_rough_rows_are_exact(limit: int, is_exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.statistics.distance_blocks.DIRECT_LIMIT", limit)
    points = np.random.default_rng(0).normal(size=(120, 8))
    rows = RoughRows(points)
    squares, errors = rows.block(ROWS)
    exact = distance_matrix(points, SQUARED_EUCLIDEAN)[ROWS]
    assert rows.is_exact == is_exact and (errors == 0).all() == is_exact
    assert (squares == exact).all() == is_exact and (np.abs(squares - exact) <= errors[:, None]).all()
