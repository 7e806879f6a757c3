"""The bin of a pair by its distance, and the replicates of a bootstrap, counted by bin; compiled.

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
    # By halving among the few edges of the cell; most cells have none or one.
    while first < last:
        middle = (first + last) >> 1
        if distance > found.edges[middle + 1]:
            first = middle + 1
        else:
            last = middle
    return min(first, len(found.edges) - 2)


@njit(cache=True, nogil=True)
def bins_of(block: np.ndarray, bins: Lookup, found: np.ndarray) -> None:
    """Distances (B, W) -> the bin of each (B, W)."""
    for row in range(len(block)):
        for column in range(block.shape[1]):
            found[row, column] = bin_among(block[row, column], bins)


@njit(cache=True, nogil=True)
def fill_bins(block: np.ndarray, found: np.ndarray, filled: int) -> int:
    """Append the bins of one identity's pairs of points (row, later point), row after row; columns begin at the first
    row."""
    for row in range(len(block)):
        for other in range(row + 1, block.shape[1]):
            found[filled] = block[row, other]
            filled += 1
    return filled


@njit(cache=True, nogil=True)
def draw_replicates(
    generator: np.random.Generator,
    starts: np.ndarray,
    sizes: np.ndarray,
    genuine: np.ndarray,
    of_pairs: np.ndarray,
    drawn: np.ndarray,
    positive: np.ndarray,
) -> None:
    """Draw R replicates: how often each point was drawn in each, (N, R), and the genuine pairs of each by bin, (R, S);
    again what has no pairs of one kind."""
    for replicate in range(len(positive)):
        different = 0
        while different < 2 or not positive[replicate].any():
            drawn[:, replicate], positive[replicate] = 0, 0
            different = _draw(generator, starts, sizes, genuine, of_pairs, drawn[:, replicate], positive[replicate])


@njit(nogil=True)
def _draw(
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
    chosen = np.zeros(sizes.max(), np.int64)  # the samples that were drawn, of which a third were not
    for _ in range(len(sizes)):
        own = generator.integers(0, len(sizes))
        size, pair = sizes[own], of_pairs[own]
        seen[own] = True
        counts[:size] = 0
        for _ in range(size):
            counts[generator.integers(0, size)] += 1
        kept = 0
        for sample in range(size):
            chosen[kept] = sample
            kept += counts[sample] > 0
        for place in range(kept):
            sample = chosen[place]
            often = counts[sample]
            drawn[starts[own] + sample] += often
            before = pair + sample * (2 * size - sample - 1) // 2 - sample - 1  # of its pairs with later samples
            for other in chosen[place + 1 : kept]:
                positive[genuine[before + other]] += often * counts[other]
    return seen.sum()


@njit(cache=True, nogil=True)
def add_impostors(
    block: np.ndarray, start: int, left: int, ends: np.ndarray, drawn: np.ndarray, negative: np.ndarray
) -> None:
    """Add the pairs (row, point of a later identity) to the bins of all replicates (S, R), by their bins (B, W). Rows
    begin at `start`, columns at `left`; `ends` (N,) are where the identity of each point ends."""
    for row in range(len(block)):
        often = drawn[start + row]
        for other in range(max(ends[start + row], left), left + block.shape[1]):
            line, others = negative[block[row, other - left]], drawn[other]
            for replicate in range(len(line)):
                # In 32 bits, eight at a time: counts of at most MOST_POINTS drawn as often again stay far below 2^31.
                line[replicate] = np.int32(line[replicate] + np.int32(often[replicate] * others[replicate]))
