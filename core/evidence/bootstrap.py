"""The two-level bootstrap: what a threshold and its rates would have been with other identities and other samples.

Each replicate draws as many identities as there are, with replacement, and for each drawn one as many of its samples
(Poh, Martin and Bengio 2007, "Performance generalization in biometric authentication using joint user-specific and
sample bootstraps"). Genuine pairs are those within one draw of an identity, each sample with a different one; impostor
pairs those of different identities. Every pair counts as often as both of its samples were drawn. numba, for workers.
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.replicates import Replicates
from core.kernels.pair_bins import add_impostors, draw_replicates, fill_bins
from core.statistics.bin_rows import BinRows, bin_rows

REPLICATES = 200
ROWS_AT_ONCE = 256  # of distances
LEAST_IDENTITIES = 5  # with a genuine pair; fewer have too few different draws


def bootstrap(
    points: np.ndarray,
    labels: np.ndarray,
    edges: np.ndarray,
    generator: np.random.Generator,
    *,
    replicates: int = REPLICATES,
    distance: Distance = EUCLIDEAN,
    bins: BinRows | None = None,
) -> Replicates:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> replicates at all but the first;
    `bins` of the points in order of class where they are at hand.

    Takes 16 bytes for each threshold and replicate, and time for every pair and replicate.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    if (sizes > 1).sum() < LEAST_IDENTITIES:
        raise ValueError(
            f"a bootstrap needs at least {LEAST_IDENTITIES} identities with two samples, got {(sizes > 1).sum()}. "
            "Add identities, or use the intervals of core.evidence.identity_counts."
        )
    bins, ends = bins or bin_rows(points[order], edges, distance), np.cumsum(sizes)
    steps, starts = len(edges) - 1, ends - sizes
    of_pairs = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    genuine, filled = np.empty(of_pairs[-1], np.int32), 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for top in range(start, end, ROWS_AT_ONCE):
            filled = fill_bins(bins.find((top, min(top + ROWS_AT_ONCE, end)), (top, end)), genuine, filled)
    drawn = np.zeros((len(labels), replicates), np.int32)
    positive, negative = np.zeros((replicates, steps)), np.zeros((steps, replicates), np.int32)
    draw_replicates(generator, starts, sizes, genuine, of_pairs, drawn, positive)
    ends_of_points, count = np.repeat(ends, sizes), len(labels)
    for start in range(0, count, ROWS_AT_ONCE):
        block = bins.find((start, min(start + ROWS_AT_ONCE, count)), (start, count))
        add_impostors(block, start, start, ends_of_points, drawn, negative)
    return Replicates(edges[1:], np.cumsum(negative, 0, dtype=np.int64), np.cumsum(positive.T, 0).astype(np.int64))
