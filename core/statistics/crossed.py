"""Retrieval and distances of the pairs that count under a crossing (crossing.py), each as exact as over all pairs.

Order is by distance in float64, ties by lower row. With all pairs these are the numbers of retrieval.py and of
pair_distances.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.crossing import MOST_POINTS, Crossing
from core.statistics.distance_blocks import DistanceRows
from core.statistics.pair_distances import PairDistances

ROWS_AT_ONCE = 128
LARGEST_K = 10


@dataclass(frozen=True)
class CrossedRetrieval:
    """What Q queries with somebody to find have found: their rows (Q,), and for each the rank of its nearest positive,
    R-precision, MAP@R and average precision (Q, 4). `left_out` points have nobody to find, though others have."""

    queries: np.ndarray
    scores: np.ndarray
    left_out: int

    def among(self, chosen: np.ndarray) -> CrossedRetrieval:
        """Of some of the queries (Q,) bool, who ask the same gallery."""
        return CrossedRetrieval(self.queries[chosen], self.scores[chosen], self.left_out)

    @property
    def recalls(self) -> tuple[float, ...]:
        """Recall@1, Recall@2 ... up to LARGEST_K, the curve of cumulative matches."""
        return tuple(float((self.scores[:, 0] <= k).mean()) for k in range(1, LARGEST_K + 1))

    @property
    def means(self) -> dict[str, float]:
        """By the names of records."""
        _, r_precision, map_at_r, average_precision = self.scores.mean(axis=0).tolist()
        return {
            "recall_at_1": self.recalls[0],
            "r_precision": r_precision,
            "map_at_r": map_at_r,
            "mean_average_precision": average_precision,
        }


def crossed_retrieval(points: np.ndarray, crossing: Crossing, distance: Distance = EUCLIDEAN) -> CrossedRetrieval:
    """Prepared points (N, D) -> what each finds among the points that make a pair with it. Raises ValueError where
    pairs of one kind are missing."""
    check_size(points)
    crossing.check()
    distances, everyone = DistanceRows(points, distance), np.arange(len(points))
    queries: list[int] = []
    scores: list[tuple[float, float, float, float]] = []
    for rows in np.split(everyone, range(ROWS_AT_ONCE, len(points), ROWS_AT_ONCE)):
        counts, is_match = crossing.pairs_of(rows)
        for row, there, matches, apart in zip(rows.tolist(), counts, is_match, distances.of(rows), strict=True):
            if matches.any():
                queries.append(row)
                scores.append(scored(matches[there][np.argsort(apart[there], kind="stable")]))
    return CrossedRetrieval(np.array(queries), np.array(scores), len(points) - len(queries))


def scored(is_match: np.ndarray) -> tuple[float, float, float, float]:
    """Whether each of a gallery, nearest first, is of the query's identity (G,) -> the rank of the first, R-precision,
    MAP@R and average precision, R being how many are."""
    ranks = np.flatnonzero(is_match) + 1
    relevant = len(ranks)
    precisions = np.arange(1, relevant + 1) / ranks
    near = ranks <= relevant
    return float(ranks[0]), near.sum() / relevant, precisions[near].sum() / relevant, float(precisions.mean())


def crossed_distances(points: np.ndarray, crossing: Crossing, distance: Distance = EUCLIDEAN) -> PairDistances:
    """Prepared points (N, D) -> the distances of the pairs that count, ascending, 8 bytes each."""
    check_size(points)
    crossing.check()
    positive, negative = (np.empty(count) for count in crossing.pair_counts)
    distances, ends = DistanceRows(points, distance), [0, 0]
    for start in range(0, len(points), ROWS_AT_ONCE):
        rows = np.arange(start, min(start + ROWS_AT_ONCE, len(points)))
        later = np.arange(start, len(points)) > rows[:, None]
        apart = distances.of(rows, first=start)
        counts, is_same = (of[:, start:] & later for of in crossing.pairs_of(rows))
        for side, (into, chosen) in enumerate(((positive, is_same), (negative, counts & ~is_same))):
            own = apart[chosen]
            into[ends[side] : ends[side] + len(own)] = own
            ends[side] += len(own)
    positive.sort()
    negative.sort()
    return PairDistances(positive, negative)


def check_size(points: np.ndarray) -> None:
    """Raise ValueError for more points than are held with all of their pairs."""
    if len(points) > MOST_POINTS:
        raise ValueError(
            f"pairs across groups must be of at most {MOST_POINTS:,} points, got {len(points):,}. Take fewer, or let "
            "all pairs count."
        )
