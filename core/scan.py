"""One pass over all distances of a snapshot, for the triplet census and the retrieval scores at once.

Block by block: one matrix product, then every row put in order once, by the bits of its distances, for the census and
for retrieval. No more than the blocks of the threads at work is ever held. BLAS has threads of its own, which whoever
starts the process sets.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core import distance_rows
from core.census_kernels import count_closer, rank_anchors
from core.distance_rows import DistanceRows
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.order_kernels import find_doubts, order_rows, split_kinds
from core.product_rows import ProductRows, Reach, RoughRows
from core.recall_kernels import rank_firsts
from core.retrieval_kernels import score_rows

ROWS_AT_ONCE = 128  # in one matrix product, of the first few million distances
DISTANCES_AT_ONCE = 1 << 21
CACHED = 1 << 15  # distances that are sorted before the next ones are touched, so that all copies of them stay cached
SLACK = 32  # neighbours beyond the R-th, so that the last one lies clearly behind it
TRIED = 64  # rows, after which products are given up if they left most of them in doubt


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
    start, stop = only or (0, len(labels))
    work = _Work(points, labels, added.astype(np.float64), depth, with_local_aucs, distance, distances)
    height = min(ROWS_AT_ONCE, max(DISTANCES_AT_ONCE // len(labels), 16))
    pieces = [work.order[first : min(first + height, stop)] for first in range(start, stop, height)]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work.take, pieces))
    closer = np.sum([counts for counts, _, _ in found], axis=0)
    scores = np.full((len(labels), 3), -1.0)
    scores[work.order[start:stop]] = np.concatenate([scores for _, scores, _ in found])
    local_aucs = np.concatenate([aucs for _, _, aucs in found])
    return Scan(closer, work.total, scores[scores[:, 0] >= 0], local_aucs[~np.isnan(local_aucs)])


def first_ranks(embeddings: np.ndarray, labels: np.ndarray, *, depth: int, threads: int = 1) -> np.ndarray:
    """(N, D), (N,) -> the rank of the nearest positive of each point whose class has another one, 0 beyond depth (Q,).

    In the order of the points' classes, by Euclidean distances.
    """
    order = np.argsort(labels, kind="stable")
    begin, end = (np.searchsorted(labels[order], labels[order], side=side) for side in ("left", "right"))
    rows = RoughRows(embeddings[order])

    def take(start: int) -> np.ndarray:
        stop = min(start + ROWS_AT_ONCE, len(order))
        block, errors = rows.block(start, stop)
        ranks, here = np.empty(stop - start, np.int64), slice(start, stop)
        rank_firsts(block, start, begin[here], end[here], depth, rows.points, order, errors, ranks)
        return ranks

    with ThreadPoolExecutor(threads) as pool:
        ranks = np.concatenate(list(pool.map(take, range(0, len(labels), ROWS_AT_ONCE))))
    return ranks[ranks >= 0]


class _Work:
    """What all pieces of one scan have in common; safe to share between threads.

    Rows come from products where the distance allows it. Those in which products leave a comparison open, because two
    distances are too near to each other, are made again from direct differences: hardly any among scattered points,
    nearly all on a lattice, where the products are soon left out.
    """

    def __init__(
        self,
        points: np.ndarray,
        labels: np.ndarray,
        added: np.ndarray,
        depth: int,
        with_local_aucs: bool,
        distance: Distance,
        distances: np.ndarray | None,
    ) -> None:
        self.added, self.depth, self.with_local_aucs = added, depth, with_local_aucs
        self.order = np.argsort(labels, kind="stable")
        self.numbers = np.unique(labels, return_inverse=True)[1].reshape(-1).astype(np.int32)
        self.sizes = np.bincount(self.numbers)[self.numbers]
        self.total = sum((size - 1) * (len(labels) - size) for size in self.sizes.tolist())
        self._matrix, self._rows, self._products = distances, DistanceRows(points, distance), None
        if distances is None and distance.power and len(labels) > distance_rows.DIRECT_LIMIT:
            products = ProductRows(points, rooted=distance.power == 1)
            self._products = products if products.are_usable else None
        self._tried = self._doubtful = 0
        self._memory = threading.local()  # of each thread's own

    def take(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The counts (M,), scores (B, 3) and local AUCs (B,) of these rows; -1 and NaN for none."""
        counts, scores = np.zeros(len(self.added), np.int64), np.full((len(rows), 3), -1.0)
        local_aucs, (block, reach) = np.full(len(rows), np.nan), self._block(rows)
        size = max(CACHED // block.shape[1], 1)
        for start in range(0, len(rows), size):
            here = slice(start, start + size)
            piece = _Piece(self, rows[here], block[here], reach._replace(lengths=reach.lengths[here]))
            self._tried, self._doubtful = self._tried + len(block[here]), self._doubtful + piece.is_doubtful.sum()
            if piece.is_doubtful.any():
                open_rows = rows[here][piece.is_doubtful]
                piece.replace(piece.is_doubtful, _Piece(self, open_rows, self._rows.of(open_rows), _exact(open_rows)))
            counts += piece.counts.sum(axis=0)
            scores[here], local_aucs[here] = piece.scores, piece.local_aucs
        return counts, scores, local_aucs

    def _block(self, rows: np.ndarray) -> tuple[np.ndarray, Reach]:
        """Until this thread asks for the next one."""
        if self._matrix is not None:
            return self._matrix[rows], _exact(rows)
        if self._products is None or self._doubtful > self._tried / 2 > TRIED / 2:
            return self._rows.of(rows), _exact(rows)
        if len(getattr(self._memory, "block", ())) < len(rows):
            self._memory.block = np.empty((len(rows), len(self.order)))
        block = self._memory.block[: len(rows)]
        return block, self._products.block(rows, block)


class _Piece:
    """What a few rows (B, N) have found: counts of triplets with d_an < d_ap + added (B, M), scores (B, 3), local AUCs
    (B,), and whether products leave something of each row open (B,)."""

    def __init__(self, work: _Work, rows: np.ndarray, block: np.ndarray, reach: Reach) -> None:
        count, others = len(rows), block.shape[1] - 1
        relevant = work.sizes[rows] - 1
        wanted = np.minimum(np.maximum(work.depth, relevant), others)
        most = others if len(work.added) else min(int(wanted.max()) + SLACK, others)
        self.counts = np.zeros((count, len(work.added)), np.int64)
        self.scores, self.local_aucs = np.full((count, 3), -1.0), np.full(count, np.nan)
        self.is_doubtful = np.zeros(count, np.bool_)
        values, is_match, sizes = np.empty(block.shape), np.empty(block.shape, np.bool_), np.empty(count, np.int64)
        order_rows(block, rows, work.numbers, most, values, is_match, sizes)
        if reach.share:
            find_doubts(values, is_match, sizes, wanted, *reach, self.is_doubtful)
        if len(work.added):
            positives, negatives = np.empty((count, int(relevant.max()) + 1)), np.empty(block.shape)
            split_kinds(values, is_match, sizes, positives, negatives)
            ascending = positives, relevant, negatives, others - relevant
            self.counts = count_closer(*ascending, work.added, *reach, self.is_doubtful)
            if work.with_local_aucs:
                rank_anchors(*ascending, self.local_aucs)
        if work.depth:
            score_rows(is_match, wanted, relevant, self.scores)

    def replace(self, these: np.ndarray, other: _Piece) -> None:
        """Take what another one has found of these rows."""
        self.counts[these], self.scores[these], self.local_aucs[these] = other.counts, other.scores, other.local_aucs


def _exact(rows: np.ndarray) -> Reach:
    return Reach(0.0, False, np.zeros(len(rows)))
