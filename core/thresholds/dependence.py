"""The pairs of every identity of a set of embeddings, at every threshold (identity_pairs.py); numba, for workers."""

from __future__ import annotations

import numpy as np
from numba import njit

from core.distance_rows import DistanceRows
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.pair_distances import bin_of
from core.thresholds.identity_pairs import IdentityPairs
from core.thresholds.identity_sums import IdentitySums


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
    Distances are those of core/distance_rows.py. Time goes by the pairs; memory by thresholds and identities: 20 bytes
    and for each grouping 8 more.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    ends, steps = np.cumsum(sizes), len(edges) - 1
    start, stop = rows or (0, len(labels))
    if not {start, stop} <= {0, *ends.tolist()}:
        raise ValueError(f"rows must be those of whole identities, got {start} to {stop}. Cut where one ends.")
    sums, distances = IdentitySums.empty(edges, sizes, groupings), DistanceRows(points[order], distance)
    counts, spans = np.zeros((len(sizes), steps), np.int32), np.tile([steps, -1], (len(sizes), 1))
    for own, first, block in distances.of_ranges(ends, start=start, stop=stop):
        _count(block, first, own, ends, edges, counts, spans)
        if first + len(block) == ends[own]:
            _add_up(counts, spans, own, sizes, sums.groupings, sums.firsts, *sums.arrays().values())
    return sums


@njit(cache=True, nogil=True)
def _count(
    block: np.ndarray,
    start: int,
    own: int,
    ends: np.ndarray,
    edges: np.ndarray,
    counts: np.ndarray,
    spans: np.ndarray,
) -> None:
    """Count the pairs (row, later point) of some of one identity's rows by the later point's identity and bin (C, S);
    the first and the last bin of each identity that has any are noted (C, 2)."""
    for other in range(own, len(ends)):
        line, begin = counts[other], ends[other - 1] if other else 0
        lowest, highest = spans[other]
        for row in range(len(block)):
            for column in range(max(begin, start + row + 1), ends[other]):
                place = bin_of(block[row, column], edges)
                line[place] += 1
                lowest, highest = min(lowest, place), max(highest, place)
        spans[other] = lowest, highest


@njit(cache=True, nogil=True)
def _add_up(
    counts: np.ndarray,
    spans: np.ndarray,
    own: int,
    sizes: np.ndarray,
    groupings: np.ndarray,
    firsts: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    squares: np.ndarray,
    products: np.ndarray,
) -> None:
    """Add the blocks of one identity with itself and all later ones to the sums per bin; empty `counts` and `spans`."""
    for other in range(own, len(sizes)):
        line, (lowest, highest) = counts[other], spans[other]
        spans[other] = len(line), -1
        if other == own:
            positive[own] += line
            line[:] = 0
            continue
        pairs, before = float(sizes[own] * sizes[other]), 0
        for place in range(lowest, highest + 1):
            here = line[place]
            if here == 0:
                continue
            line[place] = 0
            square = float(here) * (2 * before + here)
            before += here
            for grouping in range(len(groupings)):
                group = groupings[grouping, own]
                if groupings[grouping, other] == group:
                    negative[grouping, own, place] += here
                    negative[grouping, other, place] += here
                    squares[firsts[grouping] + group, place] += square
                    products[firsts[grouping] + group, place] += here * pairs
