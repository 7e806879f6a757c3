"""Histograms of the distances of all pairs of a snapshot, however large, without a matrix of them.

Tile by tile above the diagonal: one matrix product, whose entries become bins and are counted while they are in the
cache. Points are in order of class, so that of a row's later columns those of its own class come first. Memory is for
the points, a tile for each thread and the counters. BLAS has threads of its own, which whoever starts the process sets.

Bins are (edge, next edge], the first also holds what equals the first edge: a running sum is the number of pairs at a
distance <= that edge, exactly as `pair_distances.histogram` counts them, at any number of points and for any edges.
Edges in equal steps, save the first and the last, are found fastest.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.checks import check_embeddings
from core.statistics.histogram_edges import BINS, MOST_BINS, spelt
from core.statistics.pair_tiles import COARSE_BINS, MOST_COUNTED, ProductTiles, Tally, classes_of, tiles_of

ROWS_AT_ONCE = 256
Products = Callable[[np.ndarray, int, int], None]  # takes products with their first row and their first column


@dataclass(frozen=True)
class PairHistogram:
    """Counts of the pairs of one class and of different classes in S bins, (S,) int64 each, between (S + 1,) edges.

    By class, where asked for, in the order of the labels: (C, 1024), on bins of S / 1024 of those; there a negative
    pair counts for both of its classes. `error` bounds what the square of a distance was off, the distance itself where
    that is a square: 0 where counts are exact. Histograms of parts of the pairs add up.
    """

    edges: np.ndarray
    positive_counts: np.ndarray
    negative_counts: np.ndarray
    positive_by_class: np.ndarray | None = None
    negative_by_class: np.ndarray | None = None
    error: float = 0.0

    def __add__(self, other: PairHistogram) -> PairHistogram:
        if not np.array_equal(self.edges, other.edges):
            raise ValueError(
                f"histograms must have the same edges to add up, got {spelt(self.edges)} and {spelt(other.edges)}. "
                "Give every part the same."
            )
        return PairHistogram(
            self.edges,
            self.positive_counts + other.positive_counts,
            self.negative_counts + other.negative_counts,
            _added(self.positive_by_class, other.positive_by_class),
            _added(self.negative_by_class, other.negative_by_class),
            max(self.error, other.error),
        )


def pair_histogram(
    points: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    rows: tuple[int, int] | None = None,
    by_class: bool = False,
    exact: bool = True,
    threads: int = 1,
) -> PairHistogram:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges -> the histogram of all pairs.

    With `rows`, only of the pairs whose first point, in order of class, is one of these: ranges that cover 0 to N give
    histograms whose sum is the whole. Early rows have more pairs than late ones. Where they need not be exact, pairs of
    large sets whose squares are within `PairHistogram.error` of that of an edge are counted on either side of it: for
    areas and means over many thousand bins, in half the time.
    """
    check_embeddings(points, labels)
    halvings = _halvings(len(edges) - 1) if by_class else None
    return PairCounter(points, labels, edges, distance, halvings, exact=exact).of(rows, threads)


class PairCounter:
    """What the histograms of all parts of one set have in common; safe to share between threads."""

    def __init__(
        self,
        points: np.ndarray,
        labels: np.ndarray,
        edges: np.ndarray,
        distance: Distance,
        halvings: int | None = None,
        *,
        exact: bool = True,
    ) -> None:
        _check_edges(edges)
        order = np.argsort(labels, kind="stable")
        self._edges, self._halvings, self._size = edges, halvings, len(labels)
        self._classes = classes_of(labels[order])
        self._tiles = tiles_of(points[order], edges, distance, exact=exact)

    def taker(self) -> PairTaker | None:
        """What counts pairs by products that something else has made, where pairs may be counted so."""
        if isinstance(self._tiles, ProductTiles) and self._tiles.is_rough:
            return PairTaker(self._tiles, self._tally, self._edges)
        return None

    def _tally(self) -> Tally:
        return Tally(self._classes, len(self._edges) - 1, self._halvings)

    def of(self, rows: tuple[int, int] | None = None, threads: int = 1) -> PairHistogram:
        """Of the pairs whose first point, in order of class, is one of these; by default of all."""
        start, stop = rows or (0, self._size)
        if not 0 <= start <= stop <= self._size:
            raise ValueError(f"rows must lie within the {self._size} points, got {start} to {stop}. Leave them out.")
        height = min(ROWS_AT_ONCE, MOST_COUNTED // self._size)
        blocks = iter(range(start, stop, height))  # one for all threads: whoever is free takes the next

        def count(_: int) -> Tally:
            tally = self._tally()
            for first in blocks:
                tally.count(self._tiles, first, min(first + height, stop))
            tally.empty()
            return tally

        with ThreadPoolExecutor(threads) as pool:
            return _together(list(pool.map(count, range(threads))), self._edges, self._tiles.error)


class PairTaker:
    """Takes products from any thread: -2 times those of points in order of class moved to their mean (B, W) float32,
    with the first row and the first column. A pair counts where the column comes later."""

    def __init__(self, tiles: ProductTiles, tally: Callable[[], Tally], edges: np.ndarray) -> None:
        self._tiles, self._tally, self._edges = tiles, tally, edges
        self._tallies, self._own = list[Tally](), threading.local()

    def __call__(self, products: np.ndarray, first: int, left: int) -> None:
        if not hasattr(self._own, "tally"):
            self._own.tally = self._tally()
            self._tallies.append(self._own.tally)
        self._own.tally.count_products(self._tiles, products, first, left)

    def found(self) -> PairHistogram:
        """The histogram of all pairs that were taken."""
        for tally in self._tallies:
            tally.empty()
        return _together(self._tallies, self._edges, self._tiles.error)


def _together(tallies: list[Tally], edges: np.ndarray, error: float) -> PairHistogram:
    if beyond := sum(tally.beyond for tally in tallies):
        raise ValueError(
            f"edges must span all pair distances, got {spelt(edges)} and {beyond} pairs beyond. Use spanning_edges."
        )
    negative, positive = reduce(np.add, (tally.fine for tally in tallies))
    of_negative, of_positive = reduce(np.add, (tally.coarse for tally in tallies))
    if not len(of_positive):
        return PairHistogram(edges, positive, negative, error=error)
    return PairHistogram(edges, positive, negative, of_positive, of_negative, error)


def _check_edges(edges: np.ndarray) -> None:
    if not 2 <= len(edges) <= MOST_BINS + 1 or not np.isfinite(edges).all() or not (np.diff(edges) > 0).all():
        raise ValueError(
            f"edges must be 2 to 2^24 + 1 ascending finite numbers, got {spelt(edges)}. Use spanning_edges."
        )


def _halvings(bins: int) -> int:
    """How often bins are halved in number to be those by class."""
    halvings = (bins // COARSE_BINS).bit_length() - 1
    if bins != COARSE_BINS << max(halvings, 0):
        raise ValueError(f"bins must be 1024 times a power of two to count by class, got {bins}. Take {BINS}.")
    return halvings


def _added(first: np.ndarray | None, second: np.ndarray | None) -> np.ndarray | None:
    if (first is None) != (second is None):
        raise ValueError("histograms must all be by class or none to add up, got one of each. Ask for all alike.")
    return None if first is None or second is None else first + second
