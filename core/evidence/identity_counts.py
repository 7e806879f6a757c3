"""The pairs of every identity of a set of embeddings, at every threshold (dyadic_variance.py); numba, for workers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.identity_sums import IdentitySums, identity_runs
from core.kernels.pair_bins import Lookup, bin_among, lookup
from core.statistics.distance_blocks import DistanceRows

ROWS_AT_ONCE = 256  # of distances, in one matrix product


def identity_pairs(
    points: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN
) -> IdentityPairs:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs accepted at all but the
    first."""
    return identity_sums(points, labels, edges, distance=distance).pairs()


def identity_sums(
    points: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    *,
    groupings: tuple[np.ndarray, ...] = (),
    distance: Distance = EUCLIDEAN,
    rows: tuple[int, int] | None = None,
) -> IdentitySums:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs in each bin.

    With `groupings`, groups (C,) of the identities in order of the labels, also of each group. With `rows`, only the
    pairs whose first point, in order of class, is one of these: whole identities, whose sums add up to those of all.
    Distances are those of core/statistics/distance_blocks.py. Time goes by the pairs; memory by thresholds and
    identities: 20 bytes and for each grouping 12 more, and 4 where an identity has more than ROWS_AT_ONCE points.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    ends, (start, stop) = np.cumsum(sizes), rows or (0, len(labels))
    if not {start, stop} <= {0, *ends.tolist()}:
        raise ValueError(f"rows must be those of whole identities, got {start} to {stop}. Cut where one ends.")
    sums, distances = IdentitySums.empty(edges, sizes, groupings), DistanceRows(points[order], distance)
    into, bins = _Into(ends, sizes, sums.groupings, sums.firsts, *sums.arrays().values()), lookup(edges)
    first, last = np.searchsorted(ends, [start, stop], side="right")
    for few, end in identity_runs(sizes[first:last], ROWS_AT_ONCE):
        own, beyond = int(first) + few, int(first) + end
        top, bottom = int(ends[own] - sizes[own]), int(ends[beyond - 1])
        if bottom - top <= ROWS_AT_ONCE:
            _take_whole(distances.block(top, bottom, first=top), own, beyond, bins, into)
            continue
        counts, spans = np.zeros((len(sizes), len(edges) - 1), np.int32), np.tile([len(edges), -1], (len(sizes), 1))
        for row in range(top, bottom, ROWS_AT_ONCE):
            later = distances.block(row, min(row + ROWS_AT_ONCE, bottom), first=row)
            _count_some(later, row, own, bins, into, counts, spans)
        _add_some(counts, spans, own, into)
    return sums


class _Into(NamedTuple):
    """The ends and the sizes of the identities, and the arrays of `IdentitySums` to add to."""

    ends: np.ndarray
    sizes: np.ndarray
    groupings: np.ndarray
    firsts: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray


@njit(cache=True, nogil=True)
def _take_whole(block: np.ndarray, first: int, last: int, bins: Lookup, into: _Into) -> None:
    """Add the pairs of all rows of some identities with all later points; columns begin at the first row."""
    start, line = into.ends[first] - into.sizes[first], np.zeros(len(bins.edges) - 1, np.int32)
    for other in range(first, len(into.sizes)):
        for own in range(first, min(other + 1, last)):
            top = into.ends[own] - into.sizes[own]
            rows = block[top - start : into.ends[own] - start]
            lowest, highest = _count(
                rows, top, start, into.ends[other] - into.sizes[other], into.ends[other], bins, line
            )
            _add_up(line, lowest, highest, own, other, into)


@njit(cache=True, nogil=True)
def _count_some(
    block: np.ndarray,
    start: int,
    own: int,
    bins: Lookup,
    into: _Into,
    counts: np.ndarray,
    spans: np.ndarray,
) -> None:
    """Count the pairs of some of one identity's rows with all later points, by the later one's identity (C, S); the
    first and the last bin that each identity has any in are noted (C, 2). Columns begin at the first row."""
    for other in range(own, len(into.sizes)):
        begin, end = into.ends[other] - into.sizes[other], into.ends[other]
        lowest, highest = _count(block, start, start, begin, end, bins, counts[other])
        spans[other, 0], spans[other, 1] = min(spans[other, 0], lowest), max(spans[other, 1], highest)


@njit(cache=True, nogil=True)
def _add_some(counts: np.ndarray, spans: np.ndarray, own: int, into: _Into) -> None:
    """Add what was counted of all rows of one identity."""
    for other in range(own, len(into.sizes)):
        _add_up(counts[other], spans[other, 0], spans[other, 1], own, other, into)


@njit(nogil=True, inline="always")  # a call costs as much as ten pairs
def _count(
    block: np.ndarray, start: int, left: int, begin: int, end: int, bins: Lookup, line: np.ndarray
) -> tuple[int, int]:
    """Count the pairs of these rows, from `start` on, with the later ones among the points from begin to before end, by
    bin (S,); the first and the last bin that has any. The block's columns are the points from `left` on."""
    lowest, highest = len(bins.edges), -1
    for row in range(len(block)):
        for column in range(max(begin, start + row + 1), end):
            place = bin_among(block[row, column - left], bins)
            line[place] += 1
            lowest, highest = min(lowest, place), max(highest, place)
    return lowest, highest


@njit(nogil=True, inline="always")
def _add_up(line: np.ndarray, lowest: int, highest: int, own: int, other: int, into: _Into) -> None:
    """Add the counts of the pairs of two identities, or of one with itself, to the sums per bin, and empty the line."""
    of_all, before = 1 / float(into.sizes[own] * into.sizes[other]), 0
    for place in range(lowest, highest + 1):
        here = line[place]
        if here == 0:
            continue
        line[place] = 0
        if other == own:
            into.positive[own, place] += here
            continue
        share, square = here * of_all, of_all * of_all * here * (2 * before + here)
        before += here
        for grouping in range(len(into.groupings)):
            group = into.groupings[grouping, own]
            if into.groupings[grouping, other] == group:
                into.negative[grouping, own, place] += here
                into.negative[grouping, other, place] += here
                into.shares[grouping, own, place] += share
                into.shares[grouping, other, place] += share
                into.share_squares[into.firsts[grouping] + group, place] += square
