"""Distances between all points of a snapshot, exact.

Points are what `Distance.prepared` makes of the embeddings, for the Euclidean distance the embeddings themselves. What
every statistic calls exact is the comparison of these distances: in float64, from the two points alone as they are
given, in float32 or float64. Where the distance is Euclidean between prepared points, or the square of that
(`Distance.power`), it comes from direct differences, squared and added up dimension by dimension: duplicates and ties
are ties, the matrix is symmetric, and the result equals a plain loop over the dimensions bit for bit. All other
distances are `Distance.between`.

Matrix products, several times as fast, only find what has to be compared: core/statistics/product_blocks.py and
core/statistics/pair_tiles.py bound their errors, and what a bound leaves open is compared as here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.kernels.direct_differences import direct_squares

DIRECT_LIMIT = 2048  # points, up to which the whole matrix is held


def distance_matrix(points: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D) -> (N, N) float64: meant for at most DIRECT_LIMIT points."""
    return DistanceRows(points, distance).block(0, len(points))


def direct_matrix(points: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray | None:
    """The matrix of distances up to DIRECT_LIMIT points, None above."""
    return distance_matrix(points, distance) if len(points) <= DIRECT_LIMIT else None


class DistanceRows:
    """Any rows of the (N, N) matrix of distances, float64; safe to share between threads."""

    def __init__(self, points: np.ndarray, distance: Distance = EUCLIDEAN, distances: np.ndarray | None = None) -> None:
        """`distances` (N, N) where they are at hand."""
        self._distance, self._points, self._matrix = distance, points, distances
        self._columns = np.ascontiguousarray(points.T, dtype=np.float64) if distance.power else np.empty((0, 0))

    def block(self, start: int, stop: int, *, first: int = 0, last: int | None = None) -> np.ndarray:
        """Rows start to before stop, (B, N); where only the columns from `first` to before `last` are asked for, these
        alone."""
        return self.of(np.arange(start, stop), first=first, last=last)

    def of(self, rows: np.ndarray, *, first: int = 0, last: int | None = None) -> np.ndarray:
        """These rows (B,), in their order, as `block` has them."""
        if self._matrix is not None:
            return np.ascontiguousarray(self._matrix[rows, first:last])
        if not self._distance.power:
            return self._distance.between(self._points[rows], self._points[first:last])
        squares = np.empty((len(rows), len(self._points[first:last])))
        direct_squares(self._columns, rows, first, squares)
        return squares if self._distance.power == 2 else np.sqrt(squares, out=squares)

    def of_ranges(self, ends: np.ndarray, rows: int = 256) -> Iterator[tuple[int, int, int, np.ndarray]]:
        """Ascending ends of consecutive ranges of rows (C,) -> pieces of them in order: the range's number, the first
        row, the first column, which is no later, and the rows' distances to all points from that column on. Made `rows`
        at once, since few take as long."""
        number = 0
        for start in range(0, int(ends[-1]), rows):
            stop = min(start + rows, int(ends[-1]))
            block, first = self.block(start, stop, first=start), start
            while first < stop:
                last = min(int(ends[number]), stop)
                yield number, first, start, block[first - start : last - start]
                number += last == ends[number]
                first = last


def distinct_points(points: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """(N, D) -> the distinct rows (U, D) and the place (N,) of each point among them; None when all differ.

    Hashing the bits first is what makes the usual answer, no duplicates, nearly free.
    """
    floating = np.float32 if points.dtype == np.float32 else np.float64
    plain = np.ascontiguousarray(points, dtype=floating) + 0  # makes -0.0 the same bits as 0.0
    words = plain.view(np.uint32).astype(np.uint64)
    odd = np.random.default_rng(0).integers(1 << 62, size=words.shape[1], dtype=np.uint64) * 2 + 1
    if len(np.unique(words @ odd)) == len(plain):
        return plain, None
    distinct, place = np.unique(plain, axis=0, return_inverse=True)
    return (plain, None) if len(distinct) == len(plain) else (distinct, place.reshape(-1))
