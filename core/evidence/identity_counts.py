"""The pairs of every identity of a set of embeddings, at every threshold (dyadic_variance.py); numba, for workers."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.identity_sums import IdentitySums, identity_runs
from core.kernels.pair_bins import IdentityCounters, add_some, count_some, lookup, take_whole
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
    into, bins = IdentityCounters(ends, sizes, sums.groupings, sums.firsts, *sums.arrays().values()), lookup(edges)
    first, last = np.searchsorted(ends, [start, stop], side="right")
    for few, end in identity_runs(sizes[first:last], ROWS_AT_ONCE):
        own, beyond = int(first) + few, int(first) + end
        top, bottom = int(ends[own] - sizes[own]), int(ends[beyond - 1])
        if bottom - top <= ROWS_AT_ONCE:
            take_whole(distances.block(top, bottom, first=top), own, beyond, bins, into)
            continue
        counts, spans = np.zeros((len(sizes), len(edges) - 1), np.int32), np.tile([len(edges), -1], (len(sizes), 1))
        for row in range(top, bottom, ROWS_AT_ONCE):
            later = distances.block(row, min(row + ROWS_AT_ONCE, bottom), first=row)
            count_some(later, row, own, bins, into, counts, spans)
        add_some(counts, spans, own, into)
    return sums
