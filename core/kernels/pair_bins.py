"""The bin of a distance among edges at any distance from each other, found in a few steps; numba.

The span of the edges is cut into equal cells, and a table says how many upper ends of bins lie in cells before each.
The cell of a number never falls as the number rises, whatever rounding does, so an end in an earlier cell is smaller
and one in a later cell larger: only the ends within the number's own cell are compared with it.
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
