"""One pass over all distances of a snapshot, for the triplet census and the retrieval scores at once.

Block by block: one matrix product, then the negatives of every row sorted for the census, and its nearest neighbours
selected for retrieval. No more than the blocks of the threads at work is ever held. BLAS has threads of its own, which
whoever starts the process sets. Refused: one sort of all neighbours for both, which takes as long as the two.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.census_kernels import count_closer, rank_anchors, split_rows
from core.distance_rows import DistanceRows
from core.distances import EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.nearest_kernels import keys_within, limits_of, most_within, split_keys
from core.recall_kernels import rank_firsts
from core.retrieval_kernels import rank_rows

ROWS_AT_ONCE = 128  # in one matrix product
CACHED = 1 << 16  # distances that are sorted before the next ones are touched, so that all copies of them stay cached
SLACK = 32  # neighbours beyond the R-th, so that the last one lies clearly behind it


@dataclass(frozen=True)
class Scan:
    """What one pass found.

    `closer` (M,): triplets with d_an < d_ap + added for each added number; `total`: all triplets. `scores` (Q, 3):
    rank of the nearest positive (0 beyond the R nearest and `depth`), R-precision and MAP@R of each point whose class
    has another one, in the order of the points. `local_aucs` (A,): of each anchor with triplets, the share of them in
    which the positive is closer, ties counted half. Scans of parts of the rows add up, save for the order of points.
    """

    closer: np.ndarray
    total: int
    scores: np.ndarray
    local_aucs: np.ndarray

    def __add__(self, other: Scan) -> Scan:
        scores, local_aucs = (
            np.concatenate(both) for both in ((self.scores, other.scores), (self.local_aucs, other.local_aucs))
        )
        return Scan(self.closer + other.closer, self.total, scores, local_aucs)


def scan(
    points: np.ndarray,
    labels: np.ndarray,
    added: np.ndarray,
    *,
    depth: int = 0,
    with_local_aucs: bool = False,
    distance: Distance = EUCLIDEAN,
    distances: np.ndarray | None = None,
    only: tuple[int, int] | None = None,
    threads: int = 1,
) -> Scan:
    """Prepared points (N, D), (N,), ascending (M,) numbers added to d_ap; a depth of 0 asks for no scores, and
    local AUCs want at least one number.

    `distances` is the (N, N) float64 matrix where it is at hand. With `only`, just these rows in order of class ask
    for their triplets and neighbours.
    """
    rows, (start, stop) = RowsByClass(points, labels, distance, distances), only or (0, len(labels))
    take = partial(_take, rows, added.astype(np.float64), depth, with_local_aucs, stop)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(take, range(start, stop, ROWS_AT_ONCE)))
    closer = np.sum([counts for counts, _, _ in found], axis=0)
    scores = np.full((len(labels), 3), -1.0)
    scores[rows.order[start:stop]] = np.concatenate([scores for _, scores, _ in found])
    local_aucs = np.concatenate([aucs for _, _, aucs in found])
    return Scan(closer, rows.total, scores[scores[:, 0] >= 0], local_aucs[~np.isnan(local_aucs)])


def first_ranks(embeddings: np.ndarray, labels: np.ndarray, *, depth: int, threads: int = 1) -> np.ndarray:
    """(N, D), (N,) -> the rank of the nearest positive of each point whose class has another one, 0 beyond depth (Q,).

    In the order of the points' classes.
    """
    rows = RowsByClass(embeddings, labels, SQUARED_EUCLIDEAN, None)

    def take(start: int) -> np.ndarray:
        stop = min(start + ROWS_AT_ONCE, len(rows.order))
        block, errors = rows.block(start, stop)
        ranks, here = np.empty(stop - start, np.int64), slice(start, stop)
        rank_firsts(block, start, rows.begin[here], rows.end[here], depth, rows.points, rows.order, errors, ranks)
        return ranks

    with ThreadPoolExecutor(threads) as pool:
        ranks = np.concatenate(list(pool.map(take, range(0, len(labels), ROWS_AT_ONCE))))
    return ranks[ranks >= 0]


class RowsByClass:
    """The rows of the distance matrix with the points in order of class, so that each class is one range of columns."""

    def __init__(
        self, points: np.ndarray, labels: np.ndarray, distance: Distance, distances: np.ndarray | None
    ) -> None:
        self.order = np.argsort(labels, kind="stable")
        ordered = labels[self.order]
        self.begin = np.searchsorted(ordered, ordered, side="left")
        self.end = np.searchsorted(ordered, ordered, side="right")
        sizes = (self.end - self.begin).tolist()
        self.total = sum((size - 1) * (len(labels) - size) for size in sizes)
        self.rooted, self._matrix = distance.power != 2, distances
        ordered_points = points[self.order]
        self._distances = None if distances is not None else DistanceRows(ordered_points, distance)
        is_rough = self._distances is not None and self._distances.dtype == points.dtype == np.float32
        # What distances in float32 leave open the points decide, as short as they are: many are fetched for it.
        self.points = np.ascontiguousarray(ordered_points, dtype=np.float32 if is_rough else np.float64)
        self._memory = threading.local()  # a block of each thread's own

    def block(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Distances (B, N) until this thread asks for the next ones, and how much the square of one in each row may be
        off (B,)."""
        if self._distances is not None:
            if not hasattr(self._memory, "block"):
                self._memory.block = np.empty((ROWS_AT_ONCE, len(self.order)), np.float32)
            return self._distances.block(start, stop, self._memory.block), self._distances.errors(start, stop)
        assert self._matrix is not None
        return self._matrix[np.ix_(self.order[start:stop], self.order)], np.zeros(stop - start)


def _take(
    rows: RowsByClass, added: np.ndarray, depth: int, with_local_aucs: bool, end: int, start: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The counts (M,), scores (B, 3) and local AUCs (B,) of one block of rows before `end`; -1 and NaN for none."""
    stop = min(start + ROWS_AT_ONCE, end)
    block, errors = rows.block(start, stop)
    counts, scores = np.zeros(len(added), np.int64), np.full((stop - start, 3), -1.0)
    local_aucs = np.full(stop - start, np.nan)
    size = max(CACHED // block.shape[1], 1)
    for first in range(start, stop, size):
        here = slice(first, min(first + size, stop))
        within = slice(here.start - start, here.stop - start)
        piece = _Piece(block[within], first, rows.begin[here], rows.end[here])
        if len(added):
            counts += piece.count(added)
        if with_local_aucs and piece.sorted:
            rank_anchors(*piece.sorted, local_aucs[within])
        if depth and (piece.end - piece.begin > 1).any():
            piece.rank(rows, errors[within], depth, scores[within])
    return counts, scores, local_aucs


class _Piece:
    """A few rows of the matrix, first row `start`: distances (B, N), and the columns of each row's class."""

    def __init__(self, block: np.ndarray, start: int, begin: np.ndarray, end: np.ndarray) -> None:
        self.block, self.start, self.begin, self.end = block, start, begin, end
        self.sorted: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None

    def count(self, added: np.ndarray) -> np.ndarray:
        """The numbers of triplets with d_an < d_ap + added, (M,)."""
        sizes, others = self.end - self.begin, self.block.shape[1] - (self.end - self.begin)
        positives = np.empty((len(self.block), int(sizes.max())), self.block.dtype)
        negatives = np.empty_like(self.block)
        split_rows(self.block, self.start, self.begin, self.end, positives, negatives)
        positives.sort(axis=1)
        negatives[:, : others.max()].sort(axis=1)
        self.sorted = positives, sizes - 1, negatives, others
        return count_closer(*self.sorted, added.astype(self.block.dtype))

    def rank(self, rows: RowsByClass, errors: np.ndarray, depth: int, scores: np.ndarray) -> None:
        begin, end = self.begin, self.end
        others, has_company = len(rows.order) - 1, end - begin > 1
        width = min(max(depth, int((end - begin).max())) + SLACK, others)
        while True:
            found = self._nearest(width)
            rank_rows(*found, self.start, begin, end, depth, rows.points, rows.order, errors, rows.rooted, scores)
            if width == others or (scores[has_company] >= 0).all():
                return
            width = others  # many ties: put all of them in order

    def _nearest(self, width: int) -> tuple[np.ndarray, np.ndarray]:
        """The columns of the `width` others nearest to each row, nearest first, and their distances, (B, W) each.

        A float32 from 0 up orders as its bits do, so it goes with its column into one whole number, which sorts fast.
        """
        block, rows = self.block, np.arange(len(self.block))
        if block.dtype == np.float32:
            limits = (
                limits_of(*self.sorted, width) if self.sorted else np.partition(block, width, axis=1)[:, width].copy()
            )
            bits, limits = block.view(np.int32), limits.view(np.int32)
            keys = np.empty((len(block), most_within(bits, limits) + 1), np.int64)
            keys_within(bits, self.start, limits, keys)
            keys.sort(axis=1)
            columns, of_them = np.empty((2, len(block), width), np.int32)
            split_keys(keys, columns, of_them)
            return columns, of_them.view(np.float32)
        others = block.copy()
        others[rows, rows + self.start] = np.inf
        nearest = np.argpartition(others, width - 1, axis=1)[:, :width]
        nearest = np.take_along_axis(nearest, np.argsort(np.take_along_axis(others, nearest, 1), axis=1), axis=1)
        return nearest.astype(np.int32), np.take_along_axis(others, nearest, axis=1)
