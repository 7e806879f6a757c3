"""One pass over all distances of a snapshot, for the triplet census and the retrieval scores at once.

Block by block: one matrix product, then the distances of either kind put in order, for the census, and merged as far as
retrieval asks; anchors with few positives go without an order (core/statistics/few_positives.py). No more than the
blocks of the threads at work is ever held. BLAS has threads of its own, which whoever starts the process sets.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.kernels.few_positives import Kinds
from core.kernels.first_match import rank_firsts
from core.kernels.neighbour_order import find_doubts, merge_kinds, nearest_limits, order_nearest, split_kinds
from core.kernels.products import put_squares
from core.kernels.ranking import score_rows
from core.kernels.triplet_census import count_closer, rank_anchors
from core.statistics import distance_blocks
from core.statistics.distance_blocks import DistanceRows, distinct_points
from core.statistics.few_positives import FewPositives
from core.statistics.product_blocks import LARGEST_NORM, ProductRows, Reach, RoughRows
from core.statistics.rounding import rough_error
from core.statistics.row_findings import RowFindings

ROWS_AT_ONCE = 128  # in one matrix product, of the first few million distances
DISTANCES_AT_ONCE = 1 << 23
CACHED = 1 << 17  # distances that are sorted before the next ones are touched, so that all copies of them stay cached
FEWEST_TAKEN = 128
SLACK = 32  # neighbours beyond the R-th, so that the last one lies clearly behind it
TRIED = 64  # rows, after which products are given up if they left a quarter of them in doubt


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
    local AUCs want 0 among the numbers.

    `distances` is the (N, N) float64 matrix where it is at hand. With `only`, just these rows in order of class ask
    for their triplets and neighbours.
    """
    return RowScan(points, labels, added, depth, with_local_aucs, distance, distances).of(only, threads)


def first_ranks(embeddings: np.ndarray, labels: np.ndarray, *, depth: int, threads: int = 1) -> np.ndarray:
    """(N, D), (N,) -> the rank of the nearest positive of each point whose class has another one, 0 beyond depth (Q,).

    In the order of the points' classes, by Euclidean distances.
    """
    order = np.argsort(labels, kind="stable")
    begin, end = (np.searchsorted(labels[order], labels[order], side=side) for side in ("left", "right"))
    rows = RoughRows(embeddings[order])

    def take(start: int) -> np.ndarray:
        stop = min(start + ROWS_AT_ONCE, len(order))
        block, errors = rows.block(np.arange(start, stop))
        ranks, here = np.empty(stop - start, np.int64), slice(start, stop)
        rank_firsts(block, start, begin[here], end[here], depth, rows.points, order, errors, ranks)
        return ranks

    with ThreadPoolExecutor(threads) as pool:
        ranks = np.concatenate(list(pool.map(take, range(0, len(labels), ROWS_AT_ONCE))))
    return ranks[ranks >= 0]


class RowScan:
    """What all scans of one set have in common, whichever rows they are of; safe to share between threads.

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
        self.added, self.depth, self.with_local_aucs = added.astype(np.float64), depth, with_local_aucs
        self.dimensions = points.shape[1]
        self.order = np.argsort(labels, kind="stable")
        self.numbers = np.unique(labels, return_inverse=True)[1].reshape(-1).astype(np.int32)
        counts = np.bincount(self.numbers)
        self.sizes, self.begins = counts[self.numbers], np.concatenate([[0], np.cumsum(counts)])
        self.total = int(((self.sizes - 1) * (len(labels) - self.sizes)).sum())
        self._matrix, self._products, self._few = distances, None, None
        distinct, self._place = distinct_points(points) if distances is None and distance.power else (points, None)
        self._rows = DistanceRows(distinct, distance)
        if distances is None and distance.power and len(labels) > distance_blocks.DIRECT_LIMIT:
            products = ProductRows(points, rooted=distance.power == 1)
            self._products = products if products.are_usable else None
            if products.are_usable and products.norms.max() < LARGEST_NORM and len(added) and added[0] == 0:
                kinds = Kinds(self.numbers[self.order], self.begins, self.order)
                self._few = FewPositives(points[self.order], kinds, self.added, depth, rooted=distance.power == 1)
        self._tried = self._doubtful = 0
        self._memory = threading.local()  # of each thread's own

    def of(self, rows: tuple[int, int] | None = None, threads: int = 1) -> Scan:
        """What these rows in order of class, by default all, find among all points."""
        start, stop = rows or (0, len(self.order))
        height = min(ROWS_AT_ONCE, max(DISTANCES_AT_ONCE // len(self.order), 16))
        pieces = [(first, min(first + height, stop)) for first in range(start, stop, height)]
        if threads == 1:  # as beside a training, which another thread would ask for the interpreter's lock
            return self.together(start, [self.take(piece) for piece in pieces])
        with ThreadPoolExecutor(threads) as pool:
            return self.together(start, list(pool.map(self.take, pieces)))

    def taker(self, rows: tuple[int, int]) -> RowTaker | None:
        """What finds the same from products that something else has made; None where these rows need more than that."""
        if self._few is None or self._products is None or not self._few.suits(rows):
            return None
        return RowTaker(self, rows[0], self._products.norms[self.order])

    def take_squares(self, first: int, squares: np.ndarray, errors: np.ndarray) -> RowFindings:
        """What the rows from the first on find, whose squared distances (B, N) float32 are off by at most so much."""
        rows = first, first + len(squares)
        if self._few is None or not self._few.suits(rows):
            return self._take_many(self.order[slice(*rows)])
        return self._settled(rows, self._few.take_squares(first, squares, errors))

    def together(self, start: int, found: list[RowFindings]) -> Scan:
        """The scan of rows in order of class, from this one on, of which pieces have found so much."""
        closer = np.sum([some.counts.sum(axis=0) for some in found], axis=0)
        ranked = np.concatenate([some.scores for some in found])
        scores = np.full((len(self.order), 3), -1.0)
        scores[self.order[start : start + len(ranked)]] = ranked
        local_aucs = np.concatenate([some.local_aucs for some in found])
        return Scan(closer, self.total, scores[scores[:, 0] >= 0], local_aucs[~np.isnan(local_aucs)])

    def take(self, rows: tuple[int, int]) -> RowFindings:
        """What these rows in order of class find, all comparisons exact."""
        if self._few and self._few.suits(rows):
            return self._settled(rows, self._few.take(rows))
        return self._take_many(self.order[slice(*rows)])

    def _settled(self, rows: tuple[int, int], found: RowFindings) -> RowFindings:
        """What few positives have found of these rows, with what they have left open."""
        if found.is_open.any():
            found.replace(found.is_open, self._take_many(self.order[slice(*rows)][found.is_open]))
        return found

    def _take_many(self, rows: np.ndarray) -> RowFindings:
        """Those of rows with any number of positives."""
        block, reach = self._block(rows)
        found = self._compare(rows, block, reach)
        if reach.share:
            self._tried, self._doubtful = self._tried + len(rows), self._doubtful + found.is_open.sum()
        if found.is_open.any():
            again = rows[found.is_open]
            found.replace(found.is_open, self._compare(again, self._exact_block(again), _exact(again)))
        return found

    def _block(self, rows: np.ndarray) -> tuple[np.ndarray, Reach]:
        """Until this thread asks for the next one."""
        if self._matrix is not None:
            return self._matrix[rows], _exact(rows)
        if self._products is None or self._doubtful > self._tried / 4 > TRIED / 4:
            return self._exact_block(rows), _exact(rows)
        if len(getattr(self._memory, "block", ())) < len(rows):
            self._memory.block = np.empty((len(rows), len(self.order)))
        block = self._memory.block[: len(rows)]
        return block, self._products.block(rows, block)

    def _exact_block(self, rows: np.ndarray) -> np.ndarray:
        """Rows (B,) of distances (B, N), of copies made once."""
        if self._place is None:
            return self._rows.of(rows)
        return np.take(self._rows.of(self._place[rows]), self._place, axis=1)

    def _compare(self, rows: np.ndarray, block: np.ndarray, reach: Reach) -> RowFindings:
        """From their distances (B, N), some rows at a time."""
        found, size = RowFindings.nothing(len(rows), len(self.added)), max(CACHED // block.shape[1], 1)
        for start in range(0, len(rows), size):
            here = slice(start, start + size)
            piece = rows[here], block[here], reach.of(here), found.part(here)
            kinds = self._count(*piece) if len(self.added) else None
            if self.depth:
                self._score(*piece, kinds)
        return found

    def _count(
        self, rows: np.ndarray, block: np.ndarray, reach: Reach, found: RowFindings
    ) -> tuple[np.ndarray, np.ndarray]:
        """The triplets; the distances of either kind (B, K) and (B, N), ascending, filled up with infinities."""
        relevant = self.sizes[rows] - 1
        positives, negatives = np.empty((len(rows), int(relevant.max()) + 1)), np.empty(block.shape)
        split_kinds(block, rows, self.numbers, self.order, self.begins, positives, negatives)
        positives.sort(axis=1)
        negatives.sort(axis=1)
        ascending = positives, relevant, negatives, block.shape[1] - 1 - relevant
        found.counts[:] = count_closer(*ascending, self.added, *reach, found.is_open)
        if self.with_local_aucs:
            rank_anchors(*ascending, found.local_aucs)
        return positives, negatives

    def _score(
        self,
        rows: np.ndarray,
        block: np.ndarray,
        reach: Reach,
        found: RowFindings,
        kinds: tuple[np.ndarray, np.ndarray] | None,
    ) -> None:
        """The neighbours, merged from both kinds where these are in order; among ties their columns decide."""
        others, relevant = block.shape[1] - 1, self.sizes[rows] - 1
        wanted = np.minimum(np.maximum(self.depth, relevant), others)
        most = min(int(wanted.max()) + SLACK, others)
        values, is_match, is_tied = np.empty(block.shape), np.empty(block.shape, np.bool_), np.ones(len(rows), np.bool_)
        if kinds:
            merge_kinds(*kinds, most, values, is_match, is_tied)
            limits = values[:, most - 1]
        else:
            limits = nearest_limits(block, most)  # itself may be among them
        sizes = np.full(len(rows), most)
        order_nearest(block, rows, self.numbers, limits, is_tied, values, is_match, sizes)
        if reach.share:
            find_doubts(values, is_match, sizes, wanted, *reach, found.is_open)
        score_rows(is_match, wanted, relevant, found.scores)


class RowTaker:
    """Takes products (B, W) float32, -2 times the inner ones of points in order of class moved to their mean, with the
    place of their first row and column: rows ascend from the first one on, and each B of them have all columns one
    after the other before the next ones come. Of points with squared lengths (N,)."""

    def __init__(self, scan: RowScan, first: int, norms: np.ndarray) -> None:
        self._scan, self._first, self._found = scan, first, list[RowFindings]()
        self._norms, self._lengths = norms.astype(np.float32), np.sqrt(norms)
        self._room = np.empty((0, len(norms)), np.float32)

    @property
    def rows_at_once(self) -> int:
        """How many rows should come together: their squares are held."""
        return max(DISTANCES_AT_ONCE // len(self._norms), FEWEST_TAKEN)

    def __call__(self, products: np.ndarray, first: int, left: int) -> None:
        right, rows = left + products.shape[1], slice(first, first + len(products))
        if len(self._room) < len(products):
            self._room = np.empty((len(products), len(self._norms)), np.float32)
        squares = self._room[: len(products)]
        put_squares(products, self._norms[rows], self._norms[left:right], left, squares)
        if right == len(self._norms):
            errors = rough_error(self._lengths[rows], self._lengths.max(), self._scan.dimensions)
            self._found.append(self._scan.take_squares(first, squares, errors))

    def found(self) -> Scan:
        """The scan of all rows that were taken."""
        return self._scan.together(self._first, self._found)


def _exact(rows: np.ndarray) -> Reach:
    return Reach(0.0, False, np.zeros(len(rows)))
