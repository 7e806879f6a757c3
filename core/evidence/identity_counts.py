"""The pairs of every identity of a set of embeddings, at every threshold (dyadic_variance.py); numba, for workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.identity_sums import IdentitySums, identity_runs
from core.kernels.identity_bins import IdentityCounters, add_large, count_identities, count_large, count_many
from core.statistics.bin_rows import BinRows, HeldBins, bin_rows
from core.statistics.pair_histogram import Products

ROWS_AT_ONCE = 256  # whose bins are found at once
ROWS_CACHED = 64
MOST_COLUMNS = 8192  # of a stripe
BINS_AT_ONCE = 1 << 19  # of some rows and the columns of a stripe
# Of two runs that meet once: what is gathered of each identity is added to its sums once for so many.
ROWS_MET, COLUMNS_MET = 1024, 4096
MANY = 1000  # identities, from which on those of a stripe are put together first


def identity_sums(
    points: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    groupings: tuple[np.ndarray, ...] = (),
    curves_of: tuple[np.ndarray, ...] = (),
    distance: Distance = EUCLIDEAN,
    rows: tuple[int, int] | None = None,
) -> IdentitySums:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs in each bin.

    With `groupings`, groups (C,) of the identities in order of the labels, also of each group; of `curves_of` only what
    their curves need. With `rows`, in order of class, only of the identities that have these, which must be whole: such
    sums add up to those of all. Distances are those of core/statistics/distance_blocks.py. Time goes by the pairs, each
    looked at from both of its sides; memory by thresholds and identities: 12 bytes, 8 more for each of `groupings`, and
    4 where an identity has more than ROWS_AT_ONCE points.
    """
    return IdentityCounter(points, labels, edges, groupings, curves_of, distance).of(rows)


class IdentityCounter:
    """What the sums of all parts of one set have in common; safe to share between threads. `bins` are of the points in
    order of class; with `holds_bins` those of all pairs, which take two bytes each, are found once and kept."""

    def __init__(
        self,
        points: np.ndarray,
        labels: np.ndarray,
        edges: np.ndarray,
        groupings: tuple[np.ndarray, ...] = (),
        curves_of: tuple[np.ndarray, ...] = (),
        distance: Distance = EUCLIDEAN,
        distances: np.ndarray | None = None,
        *,
        holds_bins: bool = False,
    ) -> None:
        self._points, self._labels, self._distance, self._distances = points, labels, distance, distances
        self._edges, self._groupings, self._curves_of = edges, groupings, curves_of
        self._sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        self._ends, self._holds_bins = np.cumsum(self._sizes), holds_bins

    @cached_property
    def bins(self) -> BinRows:
        """Made when the first pairs are counted: who only puts sums together needs none."""
        order = np.argsort(self._labels, kind="stable")
        rows = bin_rows(self._points[order], self._edges, self._distance, self._distances, order)
        return HeldBins.of(rows, len(order)) if self._holds_bins else rows

    def empty(self, rows: tuple[int, int] | None = None) -> IdentitySums:
        """The sums of no pairs, of the identities that have these rows in order of class, by default of all."""
        start, stop = rows or (0, int(self._ends[-1]))
        if not {start, stop} <= {0, *self._ends.tolist()}:
            raise ValueError(f"rows must be those of whole identities, got {start} to {stop}. Cut where one ends.")
        first, last = (int(place) for place in np.searchsorted(self._ends, [start, stop], side="right"))
        span = first, last
        return IdentitySums.empty(self._edges, self._sizes, self._groupings, span, curves_of=self._curves_of)

    def of(
        self, rows: tuple[int, int] | None = None, beside: Products | None = None, at_once: int | None = None
    ) -> IdentitySums:
        """The sums of the identities that have these rows in order of class, by default of all. `beside` is handed the
        products of these rows with all points, where bins are found by them, of at most so many rows at once that are
        not one identity's."""
        sums = self.empty(rows)
        first, last = sums.span
        into = IdentityCounters(self._ends, self._sizes, sums.groupings, sums.firsts, first, *sums.arrays().values())
        # All identities together are counted strip by strip, those of blocks by so few that their sums stay cached.
        height = ROWS_AT_ONCE if last - first == len(self._sizes) else ROWS_CACHED
        for few, end in identity_runs(self._sizes[first:last], min(at_once or ROWS_AT_ONCE, ROWS_AT_ONCE)):
            strip = first + few, first + end
            top, bottom = self._rows_of(strip)
            if bottom - top > ROWS_AT_ONCE:
                self._count_large(strip[0], (top, bottom), beside, into)
                continue
            cached = [(strip[0] + a, strip[0] + b) for a, b in identity_runs(self._sizes[slice(*strip)], height)]
            for others, columns in self._stripes(bottom - top):
                bins = self.bins.find((top, bottom), columns, beside)
                for owns in cached:
                    begin, _ = self._rows_of(owns)
                    self._count(bins[begin - top :], columns[0], owns, others, into)
        return sums

    @property
    def meets_once(self) -> bool:
        """Whether `once` may be asked for: identities are many, and none so large that it is counted in pieces."""
        return len(self._sizes) > MANY and int(self._sizes.max()) <= ROWS_AT_ONCE

    def once(
        self, threads: int = 1, beside: Products | None = None, done: Callable[[int], None] = lambda rows: None
    ) -> IdentitySums:
        """The sums of all identities, each two of which are met once and counted for both; otherwise as `of`. `beside`
        is handed the products of all pairs, where bins are found by them, and `done` is told of as many rows as what
        was counted is worth.

        Runs of identities meet in rounds, in each of which every run meets one other: so no two threads add to the same
        sums, and these are added up in the same order whatever their number.
        """
        sums, runs, told = self.empty(), list(identity_runs(self._sizes, COLUMNS_MET)), 0
        everyone, tournament = len(self._labels), list(rounds(len(runs)))
        self.bins  # before threads, of which each would make them  # noqa: B018
        meet = partial(self._meet, sums, runs, beside)
        with ThreadPoolExecutor(threads) as pool:
            for place, meetings in enumerate(tournament, start=1):
                for squares, totals in pool.map(meet, meetings):
                    np.add(sums.share_squares, squares, out=sums.share_squares)
                    np.add(sums.totals, totals, out=sums.totals)
                done(everyone * place // len(tournament) - told)
                told = everyone * place // len(tournament)
        return sums

    def _meet(
        self, sums: IdentitySums, runs: list[tuple[int, int]], beside: Products | None, pair: tuple[int, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Count the pairs of two runs, or of one with itself, for both; what they add to the sums of groups."""
        run, others = (runs[place] for place in pair)
        squares, totals = np.zeros_like(sums.share_squares), np.zeros_like(sums.totals)
        own = sums.positive, sums.negative, sums.shares, squares, totals
        into = IdentityCounters(self._ends, self._sizes, sums.groupings, sums.firsts, 0, *own)
        columns, by_size = self._rows_of(others), self._by_size(others)
        for first, last in identity_runs(self._sizes[slice(*run)], ROWS_MET):
            strip = run[0] + first, run[0] + last
            bins = self.bins.find(self._rows_of(strip), columns, beside)
            count_many(bins, columns[0], strip, others, by_size, True, into)
        return squares, totals

    def _count(
        self, bins: np.ndarray, left: int, owns: tuple[int, int], others: tuple[int, int], into: IdentityCounters
    ) -> None:
        if len(self._sizes) > MANY:
            count_many(bins, left, owns, others, self._by_size(others), False, into)
        else:
            count_identities(bins, left, owns, others, into)

    def _by_size(self, identities: tuple[int, int]) -> np.ndarray:
        return identities[0] + np.argsort(self._sizes[slice(*identities)], kind="stable")

    def _rows_of(self, identities: tuple[int, int]) -> tuple[int, int]:
        """The first row of some identities, and the one after their last."""
        first, last = identities
        return int(self._ends[first] - self._sizes[first]), int(self._ends[last - 1])

    def _count_large(self, own: int, span: tuple[int, int], beside: Products | None, into: IdentityCounters) -> None:
        """Add the pairs of one identity with many rows."""
        lines = np.zeros((len(self._sizes), len(self._edges) - 1), np.int32)
        for top in range(*span, ROWS_AT_ONCE):
            bottom = min(top + ROWS_AT_ONCE, span[1])
            for others, columns in self._stripes(bottom - top):
                bins = self.bins.find((top, bottom), columns, beside)
                count_large(bins, columns[0], top - span[0], own, others, lines, into)
        add_large(lines, own, into)

    def _stripes(self, rows: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """The identities and the columns of each stripe of whole identities, for so many rows."""
        for first, last in identity_runs(self._sizes, min(BINS_AT_ONCE // rows, MOST_COLUMNS)):
            yield (first, last), self._rows_of((first, last))


def rounds(count: int) -> Iterator[list[tuple[int, int]]]:
    """Of a tournament of so many: in the first everybody with itself, then each with another, every two once; the lower
    one first. By the circle method: one stays in its place, the others go round."""
    yield [(one, one) for one in range(count)]
    around = list(range(count + count % 2))  # where the number is odd one of each round has nobody
    for _ in range(len(around) - 1):
        half = len(around) // 2
        meetings = zip(around[:half], reversed(around[half:]), strict=True)
        yield [(min(pair), max(pair)) for pair in meetings if max(pair) < count]
        around = [around[0], around[-1], *around[1:-1]]
