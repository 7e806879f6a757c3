"""The pairs of every identity of a set of embeddings, at every threshold (identity_pairs.py); numba, for workers."""

from __future__ import annotations

import numpy as np
from numba import njit

from core.distance_rows import DistanceRows
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.pair_distances import bin_of
from core.thresholds.identity_pairs import IdentityPairs


def identity_pairs(
    points: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN
) -> IdentityPairs:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs accepted at all but the
    first.

    Distances are those of core/distance_rows.py. Time goes by the pairs, memory by thresholds and identities: 20 bytes.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    rows = DistanceRows(points[order], distance)
    identity = np.repeat(np.arange(len(sizes)), sizes)
    ends, steps = np.cumsum(sizes), len(edges) - 1
    positive, negative = np.zeros((steps, len(sizes)), np.int64), np.zeros((steps, len(sizes)), np.int64)
    squares, products, counts = np.zeros(steps), np.zeros(steps), np.zeros(steps * len(sizes), np.int32)
    found, filled = np.empty(0, np.int32), 0
    for own, start, block in rows.of_ranges(ends):
        begin, end = ends[own] - sizes[own], ends[own]
        if start == begin:
            found, filled = np.empty(min(int(sizes[own]) * (len(labels) - begin), len(counts)), np.int32), 0
        filled = _count(block, start, identity, edges, counts, found, filled)
        if start + len(block) == end:
            places, others = _by_place(found[:filled], steps, len(sizes))
            _add_up(places, others, own, sizes, counts, positive, negative, squares, products)
    squares, products = np.cumsum(squares), np.cumsum(products)
    whole = sizes.astype(np.float64)
    blocks = ((whole**2).sum() ** 2 - (whole**4).sum()) / 2
    return IdentityPairs(edges[1:], np.cumsum(positive, 0), np.cumsum(negative, 0), squares, products, blocks)


@njit(cache=True, nogil=True)
def _count(
    block: np.ndarray,
    start: int,
    identity: np.ndarray,
    edges: np.ndarray,
    counts: np.ndarray,
    found: np.ndarray,
    filled: int,
) -> int:
    """Count the pairs (row, later point) of one identity's rows by bin and by the later point's identity, (S * C,).

    Which of these have any is listed in `found`; the number of them is returned.
    """
    identities = len(counts) // (len(edges) - 1)
    for row in range(len(block)):
        for other in range(start + row + 1, len(identity)):
            at = bin_of(block[row, other], edges) * identities + identity[other]
            if counts[at] == 0:
                found[filled] = at
                filled += 1
            counts[at] += 1
    return filled


def _by_place(found: np.ndarray, steps: int, identities: int) -> tuple[np.ndarray, np.ndarray]:
    """Bins in ascending order, and the identities they are of."""
    places, others = np.divmod(found, identities)
    order = np.argsort(places.astype(np.uint16) if steps <= 1 << 16 else places, kind="stable")  # a radix sort
    return places[order], others[order]


@njit(cache=True, nogil=True)
def _add_up(
    places: np.ndarray,
    others: np.ndarray,
    own: int,
    sizes: np.ndarray,
    counts: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    squares: np.ndarray,
    products: np.ndarray,
) -> None:
    """Add the blocks of one identity with itself and all later ones to the sums per bin, and empty `counts`."""
    accepted = np.zeros(len(sizes))
    for entry in range(len(places)):
        place, other = places[entry], others[entry]
        at = place * len(sizes) + other
        here = counts[at]
        counts[at] = 0
        if other == own:
            positive[place, own] += here
            continue
        negative[place, own] += here
        negative[place, other] += here
        before = accepted[other]
        accepted[other] = before + here
        squares[place] += here * (2 * before + here)
        products[place] += float(here) * sizes[own] * sizes[other]
