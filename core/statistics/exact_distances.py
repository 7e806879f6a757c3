"""Distances between points compared fast and judged exactly, in float64; numpy alone.

Where a distance is Euclidean or its square, a matrix product gives the distances of a block of rows, with a bound on
their error, and direct differences decide what that bound leaves open. A distance so judged depends on its two points
alone, and ties are ties.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance

ROWS_AT_ONCE = 256
COLUMNS_AT_ONCE = 2048  # whose products in float32 stay in the cache


def exact_distances(points: np.ndarray, distance: Distance = EUCLIDEAN) -> ExactDistances:
    """Prepared points (N, D) -> their distances."""
    return _ByProducts(points, distance) if distance.power else ExactDistances(points, distance)


def direct_squares(columns: np.ndarray, rows_a: np.ndarray, rows_b: np.ndarray | int) -> np.ndarray:
    """(D, N) float64 and rows (P,), (P,) or one for all -> the squared Euclidean distances of these points (P,), added
    up dimension by dimension."""
    sums = np.zeros(len(rows_a))
    for values in columns:
        difference = values[rows_a] - values[rows_b]
        sums += difference * difference
    return sums


class ExactDistances:
    """The distances of prepared points (N, D), each by `Distance.between`."""

    slack = 0.0  # how much a distance of a block may be off

    def __init__(self, points: np.ndarray, distance: Distance) -> None:
        self._points, self._distance = points, distance

    def block(self, start: int, stop: int, first: int = 0, last: int | None = None) -> np.ndarray:
        """Distances of these rows to those from the first to before the last, by default all, off by at most `slack`;
        (B, N) with all."""
        return self._distance.between(self._points[start:stop], self._points[first:last])

    def exact(self, distances: np.ndarray, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        """The exact distances of pairs (P,), of which a block has these."""
        return distances

    def within(self, start: int, stop: int, spans: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The pairs (row, later point) of these rows whose exact distance lies in one of some spans (M, 2), low to high
        without low, which are apart: distances and both ends, (K,) each, span by span."""
        block = self.block(start, stop, first=start)
        found = [np.nonzero((block > low) & (block <= high)) for low, high in spans.tolist()]
        first, second = (np.concatenate(ends) for ends in zip(*found, strict=True))
        later = second > first
        first, second = first[later], second[later]
        return block[first, second], first + start, second + start

    def slack_at(self, distances: np.ndarray) -> np.ndarray:
        """How near a distance of a block may be to each of these and yet lie on the other side of it."""
        return np.zeros_like(distances)

    def accepted(self, start: int, stop: int, threshold: float) -> np.ndarray:
        """Whether the distances of these rows to all are at most the threshold, exactly, (B, N)."""
        block, slack = self.block(start, stop), float(self.slack_at(np.asarray(threshold)))
        accepted = block <= threshold - slack
        if slack:
            rows_a, rows_b = np.divmod(np.flatnonzero(accepted != (block <= threshold + slack)), block.shape[1])
            exact = self.exact(block[rows_a, rows_b], rows_a + start, rows_b)
            accepted[rows_a, rows_b] = exact <= threshold
        return accepted


class _ByProducts(ExactDistances):
    def __init__(self, points: np.ndarray, distance: Distance) -> None:
        super().__init__(points, distance)
        self._columns = np.ascontiguousarray(points.T, dtype=np.float64)
        centred = self._moved_to_mean()
        self._norms = np.einsum("nd,nd->n", centred, centred)
        # The product's error in a squared distance; its root bounds the error of a distance, however small that is.
        self._error = (points.shape[1] + 8) * 4 * np.finfo(np.float64).eps * self._norms.max()
        self.slack = float(self._rooted(self._error))
        longest = float(np.sqrt(self._norms.max()))
        is_moderate = 1e-15 < longest < 1e15  # otherwise squares have no room in float32
        dimensions, kind = points.shape[1], np.float32 if is_moderate else np.float64
        # With these two columns, and in rows the other way round, one product is the square itself.
        self._rough = np.empty((len(points), dimensions + 2), kind)
        self._rough[:, :dimensions], self._rough[:, dimensions], self._rough[:, -1] = centred, 1, self._norms
        # Of terms that come to no more than the square of both lengths together, added up one after the other.
        off = 6e-8 * (dimensions + 8) * (2 * longest) ** 2 + dimensions * 1e-37 if is_moderate else self._error
        self._off = 2 * off  # for roundings here

    @cached_property
    def _centred(self) -> np.ndarray:
        """The points moved to their mean (N, D), held once blocks are asked for: they are large, and `within` goes
        without."""
        return self._moved_to_mean()

    def _moved_to_mean(self) -> np.ndarray:
        return (self._columns - self._columns.mean(axis=1, keepdims=True)).T

    def block(self, start: int, stop: int, first: int = 0, last: int | None = None) -> np.ndarray:
        squares = self._centred[start:stop] @ self._centred[first:last].T
        squares *= -2
        squares += self._norms[start:stop, None]
        squares += self._norms[first:last]
        return self._rooted(np.maximum(squares, 0.0, out=squares))

    def slack_at(self, distances: np.ndarray) -> np.ndarray:
        if self._distance.power == 2 or not self.slack:
            return np.full_like(distances, self.slack)
        return self._error / np.maximum(distances, self.slack)  # of the square, over the sum of both roots

    def exact(self, distances: np.ndarray, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        return self._rooted(direct_squares(self._columns, rows_a, rows_b))

    def within(self, start: int, stop: int, spans: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As of all distances. Products in float32 find the pairs that may lie there, direct differences those that
        do."""
        squares_of = [self._squares_of(*span) for span in spans.tolist()]
        found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in squares_of]
        rows, count = self._as_rows(start, stop), len(self._rough)
        for left in range(start, count, COLUMNS_AT_ONCE):
            right = min(left + COLUMNS_AT_ONCE, count)
            squares = rows @ self._rough[left:right].T
            for (low_square, high_square), of_span in zip(squares_of, found, strict=True):
                near = squares > low_square - self._off
                near &= squares <= high_square + self._off
                first, second = np.divmod(np.flatnonzero(near), right - left)
                later = second + left > first + start
                of_span.append((first[later] + start, second[later] + left))
        return self._exactly_within(spans, found)

    def _exactly_within(
        self, spans: np.ndarray, found: list[list[tuple[np.ndarray, np.ndarray]]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the ends of pairs that may lie in a span those that do, with their distances."""
        inside = []
        for (low, high), of_span in zip(spans.tolist(), found, strict=True):
            first, second = (np.concatenate(ends) for ends in zip(*of_span, strict=True))
            exact = self._rooted(direct_squares(self._columns, first, second))
            lies = (exact > low) & (exact <= high)
            inside.append((exact[lies], first[lies], second[lies]))
        exact, first, second = (np.concatenate(arrays) for arrays in zip(*inside, strict=True))
        return exact, first, second

    def _as_rows(self, start: int, stop: int) -> np.ndarray:
        """These points, so that their product with others is the square of a distance."""
        rows = self._rough[start:stop].copy()
        rows[:, :-2] *= -2
        rows[:, -2:] = rows[:, :-3:-1].copy()
        return rows

    def _squares_of(self, low: float, high: float) -> tuple[float, float]:
        """A little wider than the squares of both distances."""
        if self._distance.power == 2:
            return low, high
        ends = np.array([max(low, 0.0), max(high, 0.0)]) ** 2 * (1 + 1e-6 * np.array([-1, 1]))
        return (float(ends[0]) if low >= 0 else -np.inf), float(ends[1])

    def _rooted(self, squares: np.ndarray) -> np.ndarray:
        return squares if self._distance.power == 2 else np.sqrt(squares)
