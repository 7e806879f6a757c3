"""Retrieval: every point asks for its own class among all others, nearest first.

Recall@1, R-precision and MAP@R as in "A Metric Learning Reality Check" (Musgrave, Belongie, Lim, ECCV 2020,
arXiv 2003.08505): with R other points in the query's class, R-precision is the share of its class among its R nearest,
and MAP@R is 1/R times the sum, over the R nearest that are of its class, of the precision up to there.

faiss finds candidates in float32; direct differences in float64 put them in order, ties by lower row number. A query is
settled when its R-th nearest candidate is nearer, by more than float32 can err, than anything faiss left out. The few
others (many ties, collapsed embeddings) are ranked against all points, so the result is exact at every size.
"""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
from numba import njit

from core.anchor import distances_from

SLACK = 16  # candidates beyond R + 1, so that faiss' last one lies clearly behind the R-th
QUERIES_AT_ONCE = 1024


@dataclass(frozen=True)
class Retrieval:
    """Means over the queries; a point whose class has no other point asks nothing and is not counted."""

    recall_at_1: float
    r_precision: float
    map_at_r: float
    query_count: int


def retrieval(embeddings: np.ndarray, labels: np.ndarray, *, threads: int = 1) -> Retrieval:
    """(N, D), (N,) -> the three means; the query itself is never among its neighbours. faiss uses `threads`."""
    _, classes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    relevant = sizes[classes] - 1
    queries = np.flatnonzero(relevant)
    if not len(queries):
        raise ValueError("retrieval must have a class with two points, got none. Give several points per class.")
    points = np.ascontiguousarray(embeddings, dtype=np.float64)
    scores = np.empty((len(queries), 3))
    settled = np.zeros(len(queries), dtype=bool)
    candidates_of = _Candidates(points, int(relevant.max()), threads)
    for start in range(0, len(queries), QUERIES_AT_ONCE):
        some = queries[start : start + QUERIES_AT_ONCE]
        part = slice(start, start + len(some))
        rows, reach = candidates_of(some)
        _rank_candidates(points, classes, some, relevant[some], rows, reach, scores[part], settled[part])
    for place in np.flatnonzero(~settled):
        scores[place] = _rank_all(points, classes, int(queries[place]), int(relevant[queries[place]]))
    means = scores.mean(axis=0)
    return Retrieval(float(means[0]), float(means[1]), float(means[2]), len(queries))


class _Candidates:
    """The nearest points by faiss, and the squared distance beyond which all points left out surely lie."""

    def __init__(self, points: np.ndarray, largest_relevant: int, threads: int) -> None:
        with np.errstate(over="ignore"):  # what float32 cannot hold settles no query
            self._points = (points - points.mean(axis=0)).astype(np.float32)
        self._lengths = np.linalg.norm(self._points.astype(np.float64), axis=1)
        self._count = min(len(points), largest_relevant + 1 + SLACK)
        self._threads = threads
        self._index = faiss.IndexFlatL2(points.shape[1])
        self._index.add(self._points)

    def __call__(self, queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(Q,) rows -> candidate rows (Q, K), -1 where faiss found none, and the reach (Q,), infinite for all."""
        threads_before = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(self._threads)
        try:
            squared, rows = self._index.search(self._points[queries], self._count)
        finally:
            faiss.omp_set_num_threads(threads_before)
        error = (self._points.shape[1] + 8) * np.finfo(np.float32).eps
        reach = squared[:, -1] - error * (self._lengths[queries] + self._lengths.max()) ** 2
        reach[(rows < 0).any(axis=1)] = -np.inf
        if self._count == len(self._points):
            reach[(rows >= 0).all(axis=1)] = np.inf
        return rows, reach


def _rank_all(points: np.ndarray, classes: np.ndarray, query: int, relevant: int) -> tuple[float, float, float]:
    order = np.argsort(distances_from(points, query), kind="stable")
    nearest = order[order != query][:relevant]
    return _score(classes[nearest] == classes[query])


@njit(cache=True, nogil=True)
def _score(is_match: np.ndarray) -> tuple[float, float, float]:
    """(R,) whether each of the R nearest is of the query's class -> recall at 1, R-precision, MAP@R."""
    found = 0
    precisions = 0.0
    for rank in range(len(is_match)):
        if is_match[rank]:
            found += 1
            precisions += found / (rank + 1)
    return 1.0 if is_match[0] else 0.0, found / len(is_match), precisions / len(is_match)


@njit(cache=True, nogil=True)
def _rank_candidates(
    points: np.ndarray,
    classes: np.ndarray,
    queries: np.ndarray,
    relevant: np.ndarray,
    candidates: np.ndarray,
    reach: np.ndarray,
    scores: np.ndarray,
    settled: np.ndarray,
) -> None:
    """Order each query's candidates by (distance, row) and score those queries that this settles."""
    rows = np.empty(candidates.shape[1], np.int64)
    distances = np.empty(candidates.shape[1])
    for place in range(len(queries)):
        query, wanted = queries[place], relevant[place]
        size = 0
        for candidate in candidates[place]:
            if candidate < 0 or candidate == query:
                continue
            total = 0.0
            for dimension in range(points.shape[1]):
                difference = points[candidate, dimension] - points[query, dimension]
                total += difference * difference
            distance = np.sqrt(total)
            slot = size  # insertion: the candidates come almost in order
            while slot and (
                distances[slot - 1] > distance or (distances[slot - 1] == distance and rows[slot - 1] > candidate)
            ):
                distances[slot], rows[slot] = distances[slot - 1], rows[slot - 1]
                slot -= 1
            distances[slot], rows[slot] = distance, candidate
            size += 1
        if size >= wanted and distances[wanted - 1] ** 2 < reach[place]:
            settled[place] = True
            scores[place, 0], scores[place, 1], scores[place, 2] = _score(classes[rows[:wanted]] == classes[query])
