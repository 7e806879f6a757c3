"""Distances between points compared fast and judged exactly, in float64; numpy alone.

Where a distance is Euclidean or its square, a matrix product gives the distances of a block of rows, with a bound on
their error, and direct differences decide what that bound leaves open. A distance so judged depends on its two points
alone, and ties are ties.
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance

ROWS_AT_ONCE = 256


def exact_distances(embeddings: np.ndarray, distance: Distance = EUCLIDEAN) -> ExactDistances:
    """(N, D) -> their distances."""
    points = distance.prepared(embeddings)
    return _ByProducts(points, distance) if distance.power else ExactDistances(points, distance)


class ExactDistances:
    """The distances of prepared points (N, D), each by `Distance.between`."""

    slack = 0.0  # how much a distance of a block may be off

    def __init__(self, points: np.ndarray, distance: Distance) -> None:
        self._points, self._distance = points, distance

    def block(self, start: int, stop: int, first: int = 0) -> np.ndarray:
        """Distances of these rows to all from the first on, (B, N - first), off by at most `slack`."""
        return self._distance.between(self._points[start:stop], self._points[first:])

    def exact(self, found: np.ndarray, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        """Those of the pairs (P,), exact; `found` are the same from a block."""
        return found

    def accepted(self, start: int, stop: int, threshold: float) -> np.ndarray:
        """Whether the distances of these rows to all are at most the threshold, exactly, (B, N)."""
        block = self.block(start, stop)
        accepted = block <= threshold - self.slack
        if self.slack:
            rows_a, rows_b = np.divmod(np.flatnonzero(accepted != (block <= threshold + self.slack)), block.shape[1])
            exact = self.exact(block[rows_a, rows_b], rows_a + start, rows_b)
            accepted[rows_a, rows_b] = exact <= threshold
        return accepted


class _ByProducts(ExactDistances):
    def __init__(self, points: np.ndarray, distance: Distance) -> None:
        super().__init__(points, distance)
        self._columns = np.ascontiguousarray(points.T, dtype=np.float64)
        self._centred = (self._columns - self._columns.mean(axis=1, keepdims=True)).T
        self._norms = np.einsum("nd,nd->n", self._centred, self._centred)
        # The product's error in a squared distance; its root bounds the error of a distance, however small that is.
        error = (points.shape[1] + 8) * 4 * np.finfo(np.float64).eps * self._norms.max()
        self.slack = float(self._rooted(error))

    def block(self, start: int, stop: int, first: int = 0) -> np.ndarray:
        squares = self._centred[start:stop] @ self._centred[first:].T
        squares *= -2
        squares += self._norms[start:stop, None]
        squares += self._norms[first:]
        return self._rooted(np.maximum(squares, 0.0, out=squares))

    def exact(self, found: np.ndarray, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        sums = np.zeros(len(rows_a))
        for values in self._columns:
            difference = values[rows_a] - values[rows_b]
            sums += difference * difference
        return self._rooted(sums)

    def _rooted(self, squares: np.ndarray) -> np.ndarray:
        return squares if self._distance.power == 2 else np.sqrt(squares)
