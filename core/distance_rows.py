"""Distances between all points of a snapshot.

Points are what `Distance.prepared` makes of the embeddings, for the Euclidean distance the embeddings themselves.
Precision of the distances that are Euclidean between such points, or the square of that (`Distance.power`):

- Up to DIRECT_LIMIT points: direct differences of the given values, squared and added up dimension by dimension in
  float64. A distance then depends on its two points alone, so duplicates and ties are exact, the matrix is symmetric,
  and the result equals a plain loop over the dimensions bit for bit.
- Above: the matrix product in float32, of the points moved to their mean, in blocks of rows. A squared distance is off
  by less than 6e-8 * (2 (D + 2) |x| |y| + 8 (|x| + |y|)^2), in practice some 1e-6 for points of unit length. A count
  can be wrong only by the pairs or triplets whose two compared numbers are closer together than that. Equal points
  still have equal distances, because they share one row of the product.

All other distances are `Distance.between` in float64, whatever the number of points.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit

from core.distances import EUCLIDEAN
from core.distances.base import Distance

DIRECT_LIMIT = 2048


def distance_matrix(points: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D) -> (N, N) float64 from the two points alone, whatever N: meant for at most DIRECT_LIMIT points."""
    if not distance.power:
        return distance.between(points, points)
    distances = np.empty((len(points), len(points)))
    _direct_distances(np.ascontiguousarray(points.T, dtype=np.float64), distances)
    return distances if distance.power == 2 else np.sqrt(distances, out=distances)


def direct_matrix(points: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray | None:
    """The matrix of distances up to DIRECT_LIMIT points, None above."""
    return distance_matrix(points, distance) if len(points) <= DIRECT_LIMIT else None


class DistanceRows:
    """Any rows of the (N, N) matrix of distances, by the rule of this module; safe to share between threads."""

    def __init__(self, points: np.ndarray, distance: Distance = EUCLIDEAN) -> None:
        self._distance, self._points = distance, points
        self._matrix = direct_matrix(points, distance)
        self._place: np.ndarray | None = None
        self._norms = self._columns = np.empty(0, dtype=np.float32)  # of the products, where there are any
        if self._matrix is not None or not distance.power:
            return
        distinct, self._place = distinct_points(points)
        centred = np.subtract(distinct, distinct.mean(axis=0, dtype=np.float64), dtype=np.float64)
        norms = np.einsum("nd,nd->n", centred, centred)
        if not norms.max() < 1e37:
            raise ValueError(
                f"embeddings must be below 1e18 to be compared in float32, got {np.abs(centred).max():.3g}. Scale them."
            )
        self._points, self._norms = centred.astype(np.float32), norms.astype(np.float32)
        self._columns = np.ascontiguousarray(self._points.T)

    @property
    def dtype(self) -> type[np.floating]:
        """Of the blocks: float32 where they come from products, otherwise float64."""
        return np.float64 if self._matrix is not None or not self._distance.power else np.float32

    def block(self, start: int, stop: int, memory: np.ndarray | None = None) -> np.ndarray:
        """Rows start to stop, (B, N).

        Written into `memory`, (B or more, N) float32, where that is given and fits: new memory for every block costs a
        third of the product's time.
        """
        if self._matrix is not None:
            return self._matrix[start:stop]
        if not self._distance.power:
            return self._distance.between(self._points[start:stop], self._points)
        rows = self._rows(start, stop)
        out = memory[: len(rows)] if memory is not None and memory.shape[1] == len(self._points) else None
        products = np.matmul(self._points[rows], self._columns, out=out)
        _products_to_distances(products, rows, self._norms, self._distance.power == 2)
        return products if self._place is None else np.take(products, self._place, axis=1)

    def of_ranges(self, ends: np.ndarray, rows: int = 256) -> Iterator[tuple[int, int, np.ndarray]]:
        """Ascending ends of consecutive ranges of rows (C,) -> pieces of them in order: the range's number, the first
        row and the rows' distances to all points. Made `rows` at once, since a product of few rows takes as long."""
        number = 0
        for start in range(0, int(ends[-1]), rows):
            stop = min(start + rows, int(ends[-1]))
            block, first = self.block(start, stop), start
            while first < stop:
                last = min(int(ends[number]), stop)
                yield number, first, block[first - start : last - start]
                number += last == ends[number]
                first = last

    def errors(self, start: int, stop: int) -> np.ndarray:
        """A bound on what the squares of the distances in each of these rows are off, (B,) float64."""
        if self.dtype == np.float64:
            return np.zeros(stop - start)
        lengths = np.sqrt(self._norms.astype(np.float64))
        return product_errors(lengths[self._rows(start, stop)], lengths.max(), self._points.shape[1])

    def _rows(self, start: int, stop: int) -> np.ndarray:
        return np.arange(start, stop) if self._place is None else self._place[start:stop]


def product_errors(own: np.ndarray, longest: float, dimensions: int) -> np.ndarray:
    """A bound on what the squared distances by products from points of lengths (B,) to no longer ones are off, (B,)."""
    # The last term is for what falls below the smallest float32.
    return 6e-8 * (2 * (dimensions + 2) * own * longest + 8 * (own + longest) ** 2) + dimensions * 1e-37


def distance_blocks(
    points: np.ndarray, rows: int = 512, distance: Distance = EUCLIDEAN
) -> Iterator[tuple[int, np.ndarray]]:
    """(N, D) -> the first row of each block and its distances to all points (B, N).

    Equal points have equal distances within a row. Above DIRECT_LIMIT points a distance may differ in its last digit
    from the same one seen from the other end.
    """
    distances = DistanceRows(points, distance)
    for start in range(0, len(points), rows):
        yield start, distances.block(start, min(start + rows, len(points)))


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


@njit(cache=True, nogil=True)
def _direct_distances(columns: np.ndarray, out: np.ndarray) -> None:
    """(D, N) -> (N, N) squared distances: dimensions outermost, so that every sum runs in the same order."""
    dimensions, count = columns.shape
    for row in range(count):
        sums = out[row]
        sums[:] = 0.0
        for dimension in range(dimensions):
            values = columns[dimension]
            here = values[row]
            for other in range(count):
                difference = values[other] - here
                sums[other] += difference * difference


@njit(cache=True, nogil=True)
def _products_to_distances(products: np.ndarray, rows: np.ndarray, norms: np.ndarray, squared: bool) -> None:
    """Turn inner products (B, N) of the points `rows` with all points into distances, in place."""
    two, zero = np.float32(2), np.float32(0)
    for index in range(len(rows)):
        row = products[index]
        own = norms[rows[index]]
        for other in range(len(row)):
            value = own + norms[other] - two * row[other]
            value = value if value > zero else zero
            row[other] = value if squared else np.sqrt(value)
        row[rows[index]] = zero
