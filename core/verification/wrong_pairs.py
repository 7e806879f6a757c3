"""The wrongly judged pairs nearest to a threshold, or furthest from it, without holding all pairs; numpy alone."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.exact_distances import ROWS_AT_ONCE, ExactDistances, exact_distances


def nearest_pairs(
    points: np.ndarray,
    labels: np.ndarray,
    threshold: float,
    count: int,
    *,
    is_same: bool,
    worst_first: bool = False,
    distance: Distance = EUCLIDEAN,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Prepared points (N, D), (N,) -> rows, later rows and distances of at most `count` wrongly judged pairs, those
    nearest to the threshold first, or those furthest from it.

    `is_same`: false rejects (same class, distance > threshold); otherwise false accepts (different classes,
    distance <= threshold). Distances depend on the two points alone, in float64; equally near pairs are
    ordered by their rows.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}. Ask for 12, say.")
    search = _Search(exact_distances(points, distance), labels, float(threshold), count, is_same, worst_first)
    for start in range(0, len(labels), ROWS_AT_ONCE):
        search.take(*search.candidates(start))
    return search.rows_a, search.rows_b, search.distances


class _Search:
    """The best pairs so far. Candidates are found to within the slack of the distances, and judged by exact ones."""

    def __init__(
        self,
        distances: ExactDistances,
        labels: np.ndarray,
        threshold: float,
        count: int,
        is_same: bool,
        worst_first: bool,
    ) -> None:
        self._sign = -1.0 if worst_first else 1.0
        self._pairs, self._slack = distances, distances.slack
        self._labels, self._threshold, self._count, self._is_same = labels, threshold, count, is_same
        self._limit = np.inf
        self.rows_a, self.rows_b, self.distances = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)

    def candidates(self, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and distances of the pairs that start in this block of rows and may belong to the nearest."""
        stop = min(start + ROWS_AT_ONCE, len(self._labels))
        block = self._pairs.block(start, stop, first=start)
        beyond = self._beyond(block)
        is_candidate = (self._labels[start:stop, None] == self._labels[start:]) == self._is_same
        is_candidate &= np.arange(start, len(self._labels)) > np.arange(start, stop)[:, None]
        rank = self._sign * beyond
        is_candidate &= (beyond >= -self._slack) & (rank <= self._limit + self._slack)
        certain = rank[is_candidate & (beyond > self._slack)]
        if len(certain) > self._count:
            is_candidate &= rank <= np.partition(certain, self._count - 1)[self._count - 1] + 2 * self._slack
        rows_a, rows_b = np.nonzero(is_candidate)
        apart, rows_a, rows_b = block[rows_a, rows_b], rows_a + start, rows_b + start
        return rows_a, rows_b, self._pairs.exact(apart, rows_a, rows_b)

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
