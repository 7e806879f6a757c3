"""One pass over all distances of a snapshot, for the triplet census and the retrieval scores at once.

Block by block: one matrix product, then each row put in order once. No more than the blocks of the threads at work is
ever held. BLAS has threads of its own, which whoever starts the process sets.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.distance_rows import DistanceRows
from core.retrieval_kernels import rank_rows
from core.row_kernels import scan_rows

ROWS_AT_ONCE = 128  # of 10,000 float32 distances: 5 MB, so that a block stays in the cache between its two passes
SLACK = 32  # neighbours beyond the R-th, so that the last one lies clearly behind it


@dataclass(frozen=True)
class Scan:
    """What one pass found.

    `closer` (M,): triplets with d_an < d_ap + added for each added number; `total`: all triplets. `scores` (Q, 3):
    rank of the nearest positive (0 beyond the R nearest and `depth`), R-precision and MAP@R of each point whose class
    has another one, in the order of the points.
    """

    closer: np.ndarray
    total: int
    scores: np.ndarray


def scan(
    embeddings: np.ndarray,
    labels: np.ndarray,
    added: np.ndarray,
    *,
    depth: int = 0,
    squared: bool = False,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> Scan:
    """(N, D), (N,), ascending (M,) numbers added to d_ap; a depth of 0 asks for no scores.

    `distances` is the (N, N) float64 matrix where it is at hand, of squared distances if `squared`.
    """
    rows = _RowsByClass(embeddings, labels, squared, distances)
    take = partial(_take, rows, added.astype(np.float64), depth)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(take, range(0, len(labels), ROWS_AT_ONCE)))
    closer = np.sum([counts for counts, _ in found], axis=0)
    scores = np.empty((len(labels), 3))
    scores[rows.order] = np.concatenate([scores for _, scores in found])
    return Scan(closer, rows.total, scores[scores[:, 0] >= 0])


class _RowsByClass:
    """The rows of the distance matrix with the points in order of class, so that each class is one range of columns."""

    def __init__(self, embeddings: np.ndarray, labels: np.ndarray, squared: bool, distances: np.ndarray | None) -> None:
        self.order = np.argsort(labels, kind="stable")
        ordered = labels[self.order]
        self.begin = np.searchsorted(ordered, ordered, side="left")
        self.end = np.searchsorted(ordered, ordered, side="right")
        sizes = (self.end - self.begin).tolist()
        self.total = sum((size - 1) * (len(labels) - size) for size in sizes)
        self.squared, self._matrix = squared, distances
        self.points = np.ascontiguousarray(embeddings[self.order], dtype=np.float64)
        self._distances = None if distances is not None else DistanceRows(embeddings[self.order], squared=squared)

    def block(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Distances (B, N), and how much the square of one in each row may be off (B,)."""
        if self._distances is not None:
            return self._distances.block(start, stop), self._distances.errors(start, stop)
        assert self._matrix is not None
        return self._matrix[np.ix_(self.order[start:stop], self.order)], np.zeros(stop - start)


def _take(rows: _RowsByClass, added: np.ndarray, depth: int, start: int) -> tuple[np.ndarray, np.ndarray]:
    """The counts (M,) and the scores (B, 3) of one block of rows, -1 where there are none."""
    stop, others = min(start + ROWS_AT_ONCE, len(rows.order)), len(rows.order) - 1
    begin, end = rows.begin[start:stop], rows.end[start:stop]
    block, errors = rows.block(start, stop)
    added = added.astype(block.dtype)
    counts, scores = np.zeros(len(added), np.int64), np.full((stop - start, 3), -1.0)
    has_company = end - begin > 1
    width = min(max(depth, int((end - begin).max())) + SLACK, others) if depth and has_company.any() else 0
    while True:
        nearest = np.empty((stop - start, width), np.int32)
        to_nearest = np.empty((stop - start, width), block.dtype)
        scan_rows(block, start, begin, end, added, counts, nearest, to_nearest)
        if width:
            rank_rows(
                nearest, to_nearest, start, begin, end, depth, rows.points, rows.order, errors, not rows.squared, scores
            )
        if width in (0, others) or (scores[has_company] >= 0).all():
            return counts, scores
        width, added = others, added[:0]  # many ties: all of them in order, and nothing counted twice
