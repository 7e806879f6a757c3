"""The wrongly judged pairs nearest to a threshold, or furthest from it, without holding all pairs; numpy alone."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.crossing import Crossing
from core.statistics.exact_distances import ROWS_AT_ONCE, ExactDistances, exact_distances

HELD = 1024  # pairs, of which some of every identity are chosen


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


def spread_pairs(
    points: np.ndarray,
    labels: np.ndarray,
    threshold: float,
    count: int,
    *,
    each: int,
    is_same: bool,
    worst_first: bool = False,
    distance: Distance = EUCLIDEAN,
    crossing: Crossing | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `nearest_pairs`, with at most `each` pairs of the same two identities, or of one where `is_same`, as long as
    there are others: only what these leave of the `count` goes to the next pairs of whomever. With a `crossing` of the
    points, only pairs that count."""
    pairs, closed = exact_distances(points, distance), _Closed(labels, is_same)
    found = np.empty((2, 0), np.int64), np.empty(0)
    while True:
        search = _Search(pairs, labels, float(threshold), max(HELD, count), is_same, worst_first, crossing)
        for start in range(0, len(labels), ROWS_AT_ONCE):
            search.take(*search.candidates(start, closed))
        found = _joined(found, search)
        groups = identity_pairs(labels[found[0][0]], labels[found[0][1]])
        is_all = len(search.distances) < max(HELD, count)
        if is_all or len(first_of_each(groups, count, each, fill=False)) == count:
            chosen = first_of_each(groups, count, each)
            return found[0][0, chosen], found[0][1, chosen], found[1][chosen]
        closed.close(groups, each)


def identity_pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of P pairs of identities (P,), (P,) the two in order of their numbers, (P, 2)."""
    return np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)


def first_of_each(groups: np.ndarray, count: int, each: int, *, fill: bool = True) -> np.ndarray:
    """Places (K,) of `count` of P pairs in their order, of whose identities (P, 2) no two have more than `each`; where
    that leaves too few, `fill` adds the first of the others."""
    _, group = np.unique(groups, axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, np.diff(starts, append=len(group)))
    chosen = np.flatnonzero(rank < each)[:count]
    others = np.setdiff1d(np.arange(len(group)), chosen)[: count - len(chosen) if fill else 0]
    return np.sort(np.concatenate([chosen, others]))


def _joined(found: tuple[np.ndarray, np.ndarray], search: _Search) -> tuple[np.ndarray, np.ndarray]:
    """Rows (2, P) and distances (P,) of what was found before and of what the search has, each pair once, in order."""
    rows = np.concatenate([found[0], [search.rows_a, search.rows_b]], axis=1)
    rows, place = np.unique(rows, axis=1, return_index=True)
    apart = np.concatenate([found[1], search.distances])[place]
    order = np.lexsort((rows[1], rows[0], search.rank(apart)))
    return rows[:, order], apart[order]


class _Closed:
    """The pairs of identities that have given enough."""

    def __init__(self, labels: np.ndarray, is_same: bool) -> None:
        self._labels, self._is_same = labels, is_same
        self._pairs: list[tuple[int, int]] = []

    def close(self, groups: np.ndarray, each: int) -> None:
        """Those with `each` or more among these (P, 2)."""
        pairs, counts = np.unique(groups, axis=0, return_counts=True)
        self._pairs += [(int(low), int(high)) for low, high in pairs[counts >= each].tolist()]

    def leave_out(self, is_candidate: np.ndarray, start: int) -> None:
        """Of a block (B, N - start) of pairs that begin with row `start`, in place."""
        rows, columns = self._labels[start : start + len(is_candidate)], self._labels[start:]
        for low, high in self._pairs:
            for one, other in {(low, high), (high, low)}:
                is_candidate[np.ix_(rows == one, columns == other)] = False


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
        crossing: Crossing | None = None,
    ) -> None:
        self._sign = -1.0 if worst_first else 1.0
        self._pairs, self._slack = distances, distances.slack
        self._labels, self._threshold, self._count, self._is_same = labels, threshold, count, is_same
        self._crossing, self._limit = crossing, np.inf
        self.rows_a, self.rows_b, self.distances = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)

    def candidates(self, start: int, closed: _Closed | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and distances of the pairs that start in this block of rows and may belong to the nearest."""
        stop = min(start + ROWS_AT_ONCE, len(self._labels))
        block = self._pairs.block(start, stop, first=start)
        beyond = self._beyond(block)
        is_candidate = (self._labels[start:stop, None] == self._labels[start:]) == self._is_same
        is_candidate &= np.arange(start, len(self._labels)) > np.arange(start, stop)[:, None]
        if self._crossing is not None:
            is_candidate &= self._crossing.between(np.arange(start, stop)[:, None], np.arange(start, len(self._labels)))
        rank = self._sign * beyond
        is_candidate &= (beyond >= -self._slack) & (rank <= self._limit + self._slack)
        if closed:
            closed.leave_out(is_candidate, start)
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
        nearest = np.lexsort((rows_b, rows_a, self.rank(distances)))[: self._count]
        self.rows_a, self.rows_b, self.distances = rows_a[nearest], rows_b[nearest], distances[nearest]
        if len(nearest) == self._count:
            self._limit = float(self.rank(self.distances)[-1])

    def rank(self, distances: np.ndarray) -> np.ndarray:
        """What orders pairs of these distances, ascending."""
        return self._sign * self._beyond(distances)

    def _beyond(self, distances: np.ndarray) -> np.ndarray:
        """How far a distance lies on the wrong side of the threshold."""
        return distances - self._threshold if self._is_same else self._threshold - distances
