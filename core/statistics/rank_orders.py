"""Every point's others in order of their distance, nearest first, block by block; numpy alone.

Order is by the exact distance (core/statistics/exact_distances.py), ties by lower row; a point is never among its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.exact_distances import ROWS_AT_ONCE, exact_distances

MOST_HELD = 2_000_000  # distances of one block
POINTS_AT_ONCE = 8192  # whose columns stay in the cache


class Order(NamedTuple):
    """The rows of all others (N - 1,), nearest first, and how far each is (N - 1,)."""

    rows: np.ndarray
    distances: np.ndarray


class RankOrders:
    """The orders of prepared points (N, D); safe to share between threads."""

    def __init__(self, points: np.ndarray, distance: Distance = EUCLIDEAN) -> None:
        self._points, self._distance, self._count = points, distance, len(points)
        self._pairs = exact_distances(points, distance)

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Ranges of rows, first to before last, that cover all points."""
        rows = max(1, min(ROWS_AT_ONCE, MOST_HELD // max(self._count, 1)))
        return ((start, min(start + rows, self._count)) for start in range(0, self._count, rows))

    def of(self, start: int, stop: int) -> np.ndarray:
        """Of these rows (B,): the rows of all others (B, N - 1), nearest first."""
        block = self._pairs.block(start, stop)
        block[np.arange(stop - start), np.arange(start, stop)] = np.inf  # itself comes last
        order = np.argsort(block, axis=1)
        self._settle(block, order, start)
        return order[:, :-1]

    def nearest(self, start: int, order: np.ndarray) -> np.ndarray:
        """The exact distances (B, K) of rows, from `start` on, to the others that are named for each of them (B, K)."""
        rows, others = np.repeat(np.arange(start, start + len(order)), order.shape[1]), order.ravel()
        if not self._distance.power:
            pairs = zip(range(start, start + len(order)), order, strict=True)
            return np.array([self._distance.between(self._points[[row]], self._points[near])[0] for row, near in pairs])
        return self._pairs.exact(np.empty(0), rows, others).reshape(order.shape)

    def _settle(self, block: np.ndarray, order: np.ndarray, start: int) -> None:
        """Judge by exact distances what stands closer together than the block may be off, and ties by lower row."""
        ascending = np.take_along_axis(block, order, axis=1)
        slack = self._pairs.slack_at(ascending)
        is_open = np.diff(ascending, axis=1) <= slack[:, 1:] + slack[:, :-1]
        if not is_open.any():
            return
        either = np.zeros(block.shape, bool)
        either[:, 1:] |= is_open
        either[:, :-1] |= is_open
        rows, places = np.nonzero(either)
        columns = order[rows, places]
        block[rows, columns] = self._pairs.exact(block[rows, columns], rows + start, columns)
        again = np.flatnonzero(is_open.any(axis=1))
        order[again] = np.argsort(block[again], axis=1, kind="stable")


def order_of(points: np.ndarray, row: int, distance: Distance = EUCLIDEAN) -> Order:
    """Prepared points (N, D) -> all others in order from one of them, every distance exact."""
    distances = np.delete(_distances_from(points, row, distance), row)
    order = np.argsort(distances, kind="stable")
    return Order(np.delete(np.arange(len(points)), row)[order], distances[order])


def _distances_from(points: np.ndarray, row: int, distance: Distance) -> np.ndarray:
    """(N,) as direct differences have them, added up dimension by dimension."""
    if not distance.power:
        return distance.between(points[row : row + 1], points)[0]
    squares, origin = np.zeros(len(points)), points[row].astype(np.float64)
    for start in range(0, len(points), POINTS_AT_ONCE):
        part = squares[start : start + POINTS_AT_ONCE]
        columns = np.ascontiguousarray(points[start : start + POINTS_AT_ONCE].T, dtype=np.float64)
        for values, own in zip(columns, origin, strict=True):
            difference = values - own
            part += difference * difference
    return squares if distance.power == 2 else np.sqrt(squares)
