"""Tiles of the distances of all pairs, counted by class and bin as soon as they are there.

Points are in order of class. A tile is some rows by some columns, and of it those pairs count whose column comes later.
Distances are those of core/distance_rows.py, save that products are taken of points measured in bins: a square then
needs no more than its root, rounded up, to be a bin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from core.distance_rows import direct_matrix, distinct_points, product_errors
from core.distances.base import Distance
from core.pair_histogram_kernels import Classes, Counters, Scaled, count_distances, count_products

COLUMNS_AT_ONCE = 1024
MOST_COUNTED = 2**31 - 1  # pairs, before counters of 32 bits are emptied
COARSE_BINS = 1024


class Tiles(Protocol):
    """`error` bounds what the square of a distance is off."""

    error: float

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        """Count the pairs of these rows with all later points; the number of pairs beyond the edges."""
        ...


def tiles_of(points: np.ndarray, edges: np.ndarray, distance: Distance) -> Tiles:
    """Prepared points (N, D) in order of class and (S + 1,) edges -> tiles by the rule of core/distance_rows.py."""
    matrix = direct_matrix(points, distance)
    if matrix is not None:
        return DistanceTiles(lambda rows, columns: matrix[rows, columns], len(points), edges)
    if distance.power:
        return ProductTiles(points, edges, rooted=distance.power == 1)
    return DistanceTiles(lambda rows, columns: distance.between(points[rows], points[columns]), len(points), edges)


def classes_of(ascending: np.ndarray) -> Classes:
    """Ascending labels (N,) -> the classes, numbered from 0."""
    numbers = np.unique(ascending, return_inverse=True)[1].reshape(-1)
    return Classes(numbers, np.searchsorted(numbers, numbers, side="right"))


class DistanceTiles:
    """Tiles from distances in float64, each compared with the edges themselves."""

    error = 0.0

    def __init__(self, distances: Callable[[slice, slice], np.ndarray], size: int, edges: np.ndarray) -> None:
        self._distances, self._size, self._edges = distances, size, np.ascontiguousarray(edges, dtype=np.float64)

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        beyond = 0
        for left, right in _columns(first, self._size):
            distances = np.ascontiguousarray(self._distances(slice(first, stop), slice(left, right)), dtype=np.float64)
            beyond += count_distances(distances, first, left, self._edges, classes, counters)
        return beyond


class ProductTiles:
    """Tiles from matrix products in float32, of the points moved to their mean and measured in bins; where the distance
    is a square, in units whose square is a bin. Edges rise from 0 in equal steps, save the last, which may be further.
    """

    def __init__(self, points: np.ndarray, edges: np.ndarray, *, rooted: bool) -> None:
        bins = len(edges) - 1
        step = edges[-2] / (bins - 1) if bins > 1 else edges[-1]
        scale = 1 / step if rooted else step**-0.5
        centred = np.subtract(points, points.mean(axis=0, dtype=np.float64), dtype=np.float64)
        centred *= scale
        norms = np.einsum("nd,nd->n", centred, centred)
        longest = np.sqrt(norms.max())
        if not longest < 1e18:
            raise ValueError(
                f"edges must be further apart than 1e-18 times what points are from their mean, got steps of {step:g}. "
                "Use spanning_edges."
            )
        error = float(product_errors(longest, longest, points.shape[1]))
        end = edges[-1] / step
        largest = np.float32((end**2 if rooted else end) + error)
        self.error = error / scale / scale
        self._points = centred.astype(np.float32)
        self._scaled = Scaled(norms.astype(np.float32), rooted, np.float32(bins), largest, next_copies(self._points))

    def count(self, first: int, stop: int, classes: Classes, counters: Counters) -> int:
        beyond, rows = 0, self._points[first:stop] * np.float32(-2)
        copies = self._scaled.next_copy[first:stop].copy()
        room = np.empty(len(rows) * COLUMNS_AT_ONCE, np.float32)
        for left, right in _columns(first, len(self._points)):
            products = room[: len(rows) * (right - left)].reshape(len(rows), right - left)
            np.matmul(rows, self._points[left:right].T, out=products)
            beyond += count_products(products, first, left, self._scaled, copies, classes, counters)
        return beyond


class Tally:
    """What one thread has counted, by kind of pair as in `Counters`: `fine` (2, S) and `coarse` (2, C, 1024), complete
    once emptied, where C is 0 unless bins are to be halved to those by class; and the number of pairs beyond."""

    def __init__(self, classes: Classes, bins: int, halvings: int | None) -> None:
        class_count = 0 if halvings is None else int(classes.numbers[-1]) + 1
        fine, coarse = np.zeros((2, bins + 1), np.int32), np.zeros((2, class_count, COARSE_BINS + 1), np.int32)
        self._classes, self._counters, self._pairs = classes, Counters(fine, coarse, halvings or 0), 0
        self.fine, self.coarse = np.zeros((2, bins), np.int64), np.zeros((2, class_count, COARSE_BINS), np.int64)
        self.beyond = 0

    def count(self, tiles: Tiles, first: int, stop: int) -> None:
        """Count the pairs of these rows with all later points, at most MOST_COUNTED of them."""
        pairs = (stop - first) * len(self._classes.ends)
        if self._pairs + pairs > MOST_COUNTED:
            self.empty()
        self._pairs += pairs
        self.beyond += tiles.count(first, stop, self._classes, self._counters)

    def empty(self) -> None:
        """Move what the counters hold into the sums; what equals the first edge goes into the first bin."""
        self._pairs = 0
        for counters, counts in ((self._counters.fine, self.fine), (self._counters.coarse, self.coarse)):
            counts += counters[..., 1:]
            counts[..., 0] += counters[..., 0]
            counters[:] = 0


def next_copies(points: np.ndarray) -> np.ndarray:
    """(N, D) -> the next point equal to each one, -1 where there is none, (N,) int32."""
    following = np.full(len(points), -1, np.int32)
    _, place = distinct_points(points)
    if place is not None:
        order = np.argsort(place, kind="stable")
        is_copy = np.diff(place[order]) == 0
        following[order[:-1][is_copy]] = order[1:][is_copy]
    return following


def _columns(first: int, end: int) -> Iterator[tuple[int, int]]:
    for left in range(first, end, COLUMNS_AT_ONCE):
        yield left, min(left + COLUMNS_AT_ONCE, end)
