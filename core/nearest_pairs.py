"""The wrongly judged pairs nearest to a threshold, or furthest from it, without holding all pairs; numpy alone."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance

ROWS_AT_ONCE = 256


def nearest_pairs(
    embeddings: np.ndarray,
    labels: np.ndarray,
    threshold: float,
    count: int,
    *,
    is_same: bool,
    worst_first: bool = False,
    distance: Distance = EUCLIDEAN,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, D), (N,) -> rows, later rows and distances of at most `count` wrongly judged pairs, those nearest to the
    threshold first, or those furthest from it.

    `is_same`: false rejects (same class, distance > threshold); otherwise false accepts (different classes,
    distance <= threshold). Distances depend on the two points alone, in float64; equally near pairs are
    ordered by their rows.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}. Ask for 12, say.")
    kind = _ByProducts if distance.power else _Search
    search = kind(distance.prepared(embeddings), labels, float(threshold), count, is_same, worst_first, distance)
    for start in range(0, len(labels), ROWS_AT_ONCE):
        search.take(*search.candidates(start))
    return search.rows_a, search.rows_b, search.distances


class _Search:
    """The best pairs so far. Candidates are found to within `_slack`, and judged by `_distances` of theirs."""

    def __init__(
        self,
        points: np.ndarray,
        labels: np.ndarray,
        threshold: float,
        count: int,
        is_same: bool,
        worst_first: bool,
        distance: Distance,
    ) -> None:
        self._sign = -1.0 if worst_first else 1.0
        self._points, self._distance, self._slack = points, distance, 0.0
        self._labels, self._threshold, self._count, self._is_same = labels, threshold, count, is_same
        self._limit = np.inf
        self.rows_a, self.rows_b, self.distances = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)

    def _block(self, start: int, stop: int) -> np.ndarray:
        """Distances of these rows to all from the first of them on, off by at most `_slack`."""
        return self._distance.between(self._points[start:stop], self._points[start:])

    def _distances(self, block: np.ndarray, start: int, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        """Those of the candidates (P,), exact."""
        return block[rows_a - start, rows_b - start]

    def candidates(self, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and distances of the pairs that start in this block of rows and may belong to the nearest."""
        stop = min(start + ROWS_AT_ONCE, len(self._labels))
        block = self._block(start, stop)
        beyond = self._beyond(block)
        wanted = (self._labels[start:stop, None] == self._labels[start:]) == self._is_same
        wanted &= np.arange(start, len(self._labels)) > np.arange(start, stop)[:, None]
        rank = self._sign * beyond
        wanted &= (beyond >= -self._slack) & (rank <= self._limit + self._slack)
        certain = rank[wanted & (beyond > self._slack)]
        if len(certain) > self._count:
            wanted &= rank <= np.partition(certain, self._count - 1)[self._count - 1] + 2 * self._slack
        rows_a, rows_b = np.nonzero(wanted)
        rows_a, rows_b = rows_a + start, rows_b + start
        return rows_a, rows_b, self._distances(block, start, rows_a, rows_b)

    def take(self, rows_a: np.ndarray, rows_b: np.ndarray, distances: np.ndarray) -> None:
        """Keep the nearest `count` of the pairs held and these."""
        wrong = distances > self._threshold if self._is_same else distances <= self._threshold
        rows_a = np.concatenate([self.rows_a, rows_a[wrong]])
        rows_b = np.concatenate([self.rows_b, rows_b[wrong]])
        distances = np.concatenate([self.distances, distances[wrong]])
        nearest = np.lexsort((rows_b, rows_a, self._sign * self._beyond(distances)))[: self._count]
        self.rows_a, self.rows_b, self.distances = rows_a[nearest], rows_b[nearest], distances[nearest]
        if len(nearest) == self._count:
            self._limit = float(self._sign * self._beyond(self.distances)[-1])

    def _beyond(self, distances: np.ndarray) -> np.ndarray:
        """How far a distance lies on the wrong side of the threshold."""
        return distances - self._threshold if self._is_same else self._threshold - distances


class _ByProducts(_Search):
    """Where the distance is Euclidean or its square: a matrix product finds candidates, direct differences decide."""

    def __init__(
        self,
        points: np.ndarray,
        labels: np.ndarray,
        threshold: float,
        count: int,
        is_same: bool,
        worst_first: bool,
        distance: Distance,
    ) -> None:
        super().__init__(points, labels, threshold, count, is_same, worst_first, distance)
        self._columns = np.ascontiguousarray(points.T, dtype=np.float64)
        self._centred = (self._columns - self._columns.mean(axis=1, keepdims=True)).T
        self._norms = np.einsum("nd,nd->n", self._centred, self._centred)
        # The product's error in a squared distance; its root bounds the error of a distance, however small that is.
        error = (points.shape[1] + 8) * 4 * np.finfo(np.float64).eps * self._norms.max()
        self._slack = float(self._rooted(error))

    def _block(self, start: int, stop: int) -> np.ndarray:
        products = self._centred[start:stop] @ self._centred[start:].T
        squares = self._norms[start:stop, None] + self._norms[start:] - 2 * products
        return self._rooted(np.maximum(squares, 0.0))

    def _distances(self, block: np.ndarray, start: int, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        sums = np.zeros(len(rows_a))
        for values in self._columns:
            difference = values[rows_a] - values[rows_b]
            sums += difference * difference
        return self._rooted(sums)

    def _rooted(self, squares: np.ndarray) -> np.ndarray:
        return squares if self._distance.power == 2 else np.sqrt(squares)
