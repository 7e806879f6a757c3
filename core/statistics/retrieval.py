"""Retrieval: every point asks for its own class among all others, nearest first.

Recall@K, R-precision and MAP@R as in "A Metric Learning Reality Check" (Musgrave, Belongie, Lim, ECCV 2020,
arXiv 2003.08505): Recall@K is the share of points with one of their class among their K nearest; with R other points in
the query's class, R-precision is the share of its class among its R nearest, and MAP@R is 1/R times the sum, over the R
nearest that are of its class, of the precision up to there.

Order is by the exact distance (core/statistics/distance_blocks.py), ties by lower row number, at every size. Squared
distances and cosines are compared as they are: their roots, rounded, would make ties of some that differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.row_scan import Scan, first_ranks, scan

LARGEST_K = 10


@dataclass(frozen=True)
class Retrieval:
    """Means over the queries; a point whose class has no other point asks nothing and is not counted.

    `recalls` are Recall@1, Recall@2 ... up to LARGEST_K.
    """

    recalls: tuple[float, ...]
    r_precision: float
    map_at_r: float
    query_count: int

    @property
    def recall_at_1(self) -> float:
        """The share of points whose nearest neighbour is of their class."""
        return self.recalls[0]


def retrieval(
    embeddings: np.ndarray,
    labels: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> Retrieval:
    """(N, D), (N,) -> the means; the query itself is never among its neighbours.

    `distances` is the (N, N) float64 matrix where it is at hand.
    """
    points, nothing = distance.prepared(embeddings), np.empty(0)
    found = scan(points, labels, nothing, depth=LARGEST_K, distance=distance, distances=distances, threads=threads)
    return retrieval_of(found)


def retrieval_of(found: Scan) -> Retrieval:
    """The means from a scan of at least the depth LARGEST_K."""
    recalls = _recalls(found.scores[:, 0])
    r_precision, map_at_r = found.scores[:, 1:].mean(axis=0).tolist()
    return Retrieval(recalls, r_precision, map_at_r, len(found.scores))


def recalls(embeddings: np.ndarray, labels: np.ndarray, *, threads: int = 1) -> tuple[float, ...]:
    """(N, D), (N,) -> Recall@1, Recall@2 ... up to LARGEST_K alone, several times as fast as all of `retrieval`."""
    first = first_ranks(embeddings, labels, depth=LARGEST_K, threads=threads)
    return _recalls(first)


def _recalls(first: np.ndarray) -> tuple[float, ...]:
    """(Q,) ranks of the nearest positive, 0 for beyond LARGEST_K -> Recall@1 ..."""
    if not len(first):
        raise ValueError("retrieval must have a class with two points, got none. Give several points per class.")
    return tuple(float(((first > 0) & (first <= k)).mean()) for k in range(1, LARGEST_K + 1))
