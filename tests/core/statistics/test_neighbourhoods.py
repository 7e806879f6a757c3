"""One pass finds what each definition finds by itself, whatever the blocks are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from core.distances import DISTANCES
from core.statistics import rank_orders
from core.statistics.neighbourhoods import NEIGHBOURS, Neighbourhoods, neighbourhoods
from core.statistics.rank_orders import order_of


def digits_like(count: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 6
    points = (rng.normal(size=(6, 9))[labels] + rng.normal(size=(count, 9))).astype(np.float32)
    return points, labels, points[:, :2]


def equal(one: Neighbourhoods, other: Neighbourhoods) -> bool:
    first, second = one.arrays(), other.arrays()
    return all(np.allclose(first[name], second[name], equal_nan=True) for name in first)


def test_each_part_is_what_one_query_finds() -> None:
    points, labels, layout = digits_like()
    found = neighbourhoods(points, labels, layout)
    for row in range(0, 120, 7):
        near = order_of(points, row)
        assert found.rows[row].tolist() == near.rows[:NEIGHBOURS].tolist()
        np.testing.assert_allclose(found.distances[row], near.distances[:NEIGHBOURS])
        on_map = order_of(layout, row).rows[:NEIGHBOURS]
        assert found.lost[row] == len(set(near.rows[:NEIGHBOURS].tolist()) - set(on_map.tolist()))
        assert found.copies[row] == near.rows[0]
    assert found.trustworthiness == pytest.approx(trustworthiness(points, layout, n_neighbors=NEIGHBOURS))
    assert found.occurrences.sum() == 120 * NEIGHBOURS
    assert found.occurrences[3] == sum(3 in row for row in found.rows.tolist())
    assert 0 < found.lost_share < 1 and found.scores.queries == 120


def test_the_size_of_the_blocks_changes_nothing_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    points, labels, layout = digits_like()
    whole, told = neighbourhoods(points, labels, layout), list[float]()
    monkeypatch.setattr(rank_orders, "MOST_HELD", 1000)
    assert equal(whole, neighbourhoods(points, labels, layout, done=told.append))
    assert len(told) > 10 and told == sorted(told) and told[-1] == 1


def test_arrays_are_read_back() -> None:
    points, labels, layout = digits_like(40)
    found = neighbourhoods(points, labels, layout)
    assert equal(found, Neighbourhoods.from_arrays(found.arrays()))


def test_copies_are_found_by_a_distance_that_puts_them_elsewhere() -> None:
    points, labels, _ = digits_like(40)
    points[7] = points[3]
    found = neighbourhoods(points, labels, distance=DISTANCES["dot-product"]())
    assert found.copies[7] == 3 and found.apart[7] == 0
    assert math.isnan(found.lost_share) and math.isnan(found.trustworthiness) and (found.lost == -1).all()


def test_few_points_have_fewer_neighbours() -> None:
    found = neighbourhoods(np.array([[0.0], [1.0], [3.0]]), np.array([0, 0, 1]), np.zeros((3, 2)))
    assert found.k == 2 and found.rows.tolist() == [[1, 2], [0, 2], [1, 0]]
    assert found.scores.first.tolist() == [1, 1, 0]


def test_one_point_is_refused() -> None:
    with pytest.raises(ValueError, match=r"neighbourhoods must have two points, got 1\. Bring more points\."):
        neighbourhoods(np.ones((1, 2)), np.zeros(1))
