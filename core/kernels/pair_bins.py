"""Pairs counted by the bin of their distance: for each identity, and for each replicate of a bootstrap; compiled.

A bin among edges at any distance from each other is found in a few steps. The span of the edges is cut into equal
cells, and a table says how many upper ends of bins lie in cells before each. The cell of a number never falls as the
number rises, whatever rounding does, so an end in an earlier cell is smaller and one in a later cell larger: only the
ends within the number's own cell are compared with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

CELLS = 8192


class Lookup(NamedTuple):
    """(S + 1,) ascending edges, and for each cell the number of bins that end in cells before it (CELLS + 1,)."""

    edges: np.ndarray
    ends_before: np.ndarray
    low: float
    scale: float


def lookup(edges: np.ndarray) -> Lookup:
    """Of (S + 1,) ascending finite edges, at least two."""
    edges = np.ascontiguousarray(edges, dtype=np.float64)
    low, spread = float(edges[0]), float(edges[-1] - edges[0])
    scale = CELLS / spread if spread > 0 else 0.0
    scale = scale if np.isfinite(scale) else 0.0  # of edges as close as numbers can be: one cell
    cells = np.clip((edges[1:] - low) * scale, 0, CELLS - 1).astype(np.int64)
    return Lookup(edges, np.searchsorted(cells, np.arange(CELLS + 1), side="left").astype(np.int32), low, scale)


@njit(nogil=True, inline="always")  # a call costs as much as finding the bin
def bin_among(distance: float, found: Lookup) -> int:
    """The bin (edge, next edge] of a distance; the first also holds what lies below, the last what lies beyond."""
    cell = min(max(int((distance - found.low) * found.scale), 0), CELLS - 1)
    first, last = found.ends_before[cell], found.ends_before[cell + 1]
    while first < last:
        middle = (first + last) >> 1
        if distance > found.edges[middle + 1]:
            first = middle + 1
        else:
            last = middle
    return min(first, len(found.edges) - 2)


@njit(cache=True, nogil=True)
def fill_bins(block: np.ndarray, bins: Lookup, found: np.ndarray, filled: int) -> int:
    """Append the bins of one identity's pairs of points (row, later point), row after row; columns begin at the first
    row."""
    for row in range(len(block)):
        for other in range(row + 1, block.shape[1]):
            found[filled] = bin_among(block[row, other], bins)
            filled += 1
    return filled


@njit(cache=True, nogil=True)
def draw_again(
    generator: np.random.Generator,
    starts: np.ndarray,
    sizes: np.ndarray,
    genuine: np.ndarray,
    of_pairs: np.ndarray,
    drawn: np.ndarray,
    positive: np.ndarray,
) -> int:
    """Draw one replicate: how often each point was drawn (N,) and its genuine pairs by bin (S,), added to what is
    there; the number of different identities."""
    counts, seen = np.zeros(sizes.max(), np.int64), np.zeros(len(sizes), np.bool_)
    for _ in range(len(sizes)):
        own = generator.integers(0, len(sizes))
        size, pair = sizes[own], of_pairs[own]
        seen[own] = True
        counts[:size] = 0
        for _ in range(size):
            counts[generator.integers(0, size)] += 1
        for sample in range(size):
            drawn[starts[own] + sample] += counts[sample]
            for other in range(sample + 1, size):
                positive[genuine[pair]] += counts[sample] * counts[other]
                pair += 1
    return seen.sum()


@njit(cache=True, nogil=True)
def add_impostors(
    block: np.ndarray, start: int, left: int, end: int, bins: Lookup, drawn: np.ndarray, negative: np.ndarray
) -> None:
    """Add the pairs (row, point from `end` on, which is of a later identity) to the bins of all replicates (S, R). Rows
    begin at `start`, columns at `left`."""
    for row in range(len(block)):
        often = drawn[start + row]
        for other in range(end, left + block.shape[1]):
            line, others = negative[bin_among(block[row, other - left], bins)], drawn[other]
            for replicate in range(len(line)):
                line[replicate] += often[replicate] * others[replicate]


class IdentityCounters(NamedTuple):
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
def take_whole(block: np.ndarray, first: int, last: int, bins: Lookup, into: IdentityCounters) -> None:
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
def count_some(
    block: np.ndarray,
    start: int,
    own: int,
    bins: Lookup,
    into: IdentityCounters,
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
def add_some(counts: np.ndarray, spans: np.ndarray, own: int, into: IdentityCounters) -> None:
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
def _add_up(line: np.ndarray, lowest: int, highest: int, own: int, other: int, into: IdentityCounters) -> None:
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
