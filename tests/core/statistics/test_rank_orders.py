"""Orders equal a plain sort of the definition, ties by lower row, at every size and for every kind of distance."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN
from core.distances.base import Distance
from core.statistics import rank_orders
from core.statistics.rank_orders import RankOrders, order_of

KINDS = ("euclidean", "squared-euclidean", "cosine", "dot-product", "manhattan", "hamming")


def cloud(kind: str, count: int = 90) -> np.ndarray:
    """Points with copies and with many equal distances, far from the origin."""
    rng = np.random.default_rng(3)
    points = np.round(rng.normal(size=(count, 5)) * 2) / 2 + (100 if kind == "euclidean" else 1)
    points[40:60] = points[:20]
    return points.astype(np.float32)


def by_hand(points: np.ndarray, row: int, distance: Distance) -> list[int]:
    """One pair at a time, in float64."""
    others = [other for other in range(len(points)) if other != row]
    if distance.name == "euclidean":
        away = {
            other: sum((float(a) - float(b)) ** 2 for a, b in zip(points[row], points[other], strict=True))
            for other in others
        }
    else:
        away = {
            other: float(distance.between(points[row : row + 1], points[other : other + 1])[0, 0]) for other in others
        }
    return sorted(others, key=lambda other: (away[other], other))


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_is_that_of_the_definition(kind: str) -> None:
    distance = DISTANCES[kind]()
    points = distance.prepared(cloud(kind))
    orders = RankOrders(points, distance)
    found = np.concatenate([orders.of(start, stop) for start, stop in orders.blocks()])
    ties = 0
    for row in range(len(points)):
        expected = by_hand(points, row, distance)
        near = order_of(points, row, distance)
        assert near.rows.tolist() == expected
        ties += int((np.diff(near.distances) == 0).sum())
        assert found[row].tolist() == expected
    assert ties > 100, "the case must have many ties"


def test_distances_ascend_and_are_those_of_the_pairs() -> None:
    points = cloud("euclidean")
    orders = RankOrders(points)
    order = orders.of(10, 30)
    expected = np.linalg.norm(points[10:30, None].astype(float) - points[order], axis=2)
    found = orders.nearest(10, order[:, :5])
    np.testing.assert_allclose(found, expected[:, :5], rtol=1e-12)
    assert (np.diff(found, axis=1) >= 0).all() and (found == 0).any(), "a copy is exactly 0 away"
    np.testing.assert_allclose(order_of(points, 12).distances, expected[2], rtol=1e-12, atol=1e-12)


def test_blocks_cover_every_row_once_and_hold_no_more_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank_orders, "MOST_HELD", 300)
    blocks = list(RankOrders(cloud("euclidean")).blocks())
    assert [row for start, stop in blocks for row in range(start, stop)] == list(range(90))
    assert max(stop - start for start, stop in blocks) == 3


def test_many_points_are_gone_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    points = cloud("euclidean")
    whole = order_of(points, 7)
    monkeypatch.setattr(rank_orders, "POINTS_AT_ONCE", 7)
    parts = order_of(points, 7)
    assert (whole.rows == parts.rows).all() and (whole.distances == parts.distances).all()


def test_one_point_has_no_others() -> None:
    assert len(order_of(np.ones((1, 3)), 0, EUCLIDEAN).rows) == 0
    assert RankOrders(np.ones((1, 3))).of(0, 1).shape == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_distances_of_the_nearest_are_those_of_one_query(kind: str) -> None:
    distance = DISTANCES[kind]()
    points = distance.prepared(cloud(kind))
    orders = RankOrders(points, distance)
    found = orders.nearest(20, orders.of(20, 25)[:, :6])
    for row in range(20, 25):
        assert found[row - 20].tolist() == order_of(points, row, distance).distances[:6].tolist()
