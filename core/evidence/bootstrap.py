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
from core.kernels.pair_bins import add_impostors, draw_again, fill_bins, lookup
from core.statistics.distance_blocks import DistanceRows

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
    distances: np.ndarray | None = None,
) -> Replicates:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> replicates at all but the first;
    `distances` (N, N) where they are at hand.

    Takes 16 bytes for each threshold and replicate, and time for every pair and replicate.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    if (sizes > 1).sum() < LEAST_IDENTITIES:
        raise ValueError(
            f"a bootstrap needs at least {LEAST_IDENTITIES} identities with two samples, got {(sizes > 1).sum()}. "
            "Add identities, or use the intervals of core.evidence.identity_counts."
        )
    in_order, bins = points[order], lookup(edges)
    matrix = None if distances is None else distances[np.ix_(order, order)]
    rows = DistanceRows(in_order, distance, matrix)
    ends = np.cumsum(sizes)
    steps, starts = len(edges) - 1, ends - sizes
    of_pairs = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    genuine, filled = np.empty(of_pairs[-1], np.int32), 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for top in range(start, end, ROWS_AT_ONCE):
            block = rows.block(top, min(top + ROWS_AT_ONCE, end), first=top, last=end)
            filled = fill_bins(block, bins, genuine, filled)
    drawn = np.zeros((len(labels), replicates), np.int32)
    positive, negative = np.zeros((replicates, steps)), np.zeros((steps, replicates), np.int32)
    for replicate in range(replicates):
        different = 0
        while different < 2 or not positive[replicate].any():  # draw again what has no pairs of one kind
            drawn[:, replicate], positive[replicate] = 0, 0
            different = draw_again(
                generator, starts, sizes, genuine, of_pairs, drawn[:, replicate], positive[replicate]
            )
    for own, start, left, block in rows.of_ranges(ends):
        add_impostors(block, start, left, ends[own], bins, drawn, negative)
    return Replicates(edges[1:], np.cumsum(negative, 0, dtype=np.int64), np.cumsum(positive.T, 0).astype(np.int64))
