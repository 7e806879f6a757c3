"""The distances of all pairs of a snapshot, same class and different classes, and their histogram.

Distances are those of core/statistics/distance_blocks.py between prepared points, exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.kernels.pair_lists import count_couples, split_pairs
from core.statistics.distance_blocks import DistanceRows

ROWS_AT_ONCE = 256
_ROUND_NUMBERS = np.array([1, 1.5, 2, 3, 4, 5, 6, 8, 10])


@dataclass(frozen=True)
class PairDistances:
    """The distances of all unordered pairs, each (P,) and ascending: same class, and different classes."""

    positive: np.ndarray
    negative: np.ndarray


def pair_distances(
    points: np.ndarray,
    labels: np.ndarray,
    distances: np.ndarray | None = None,
    distance: Distance = EUCLIDEAN,
) -> PairDistances:
    """(N, D), (N,) -> the N (N - 1) / 2 pair distances, sorted; `distances` is the (N, N) matrix where it is at hand.

    In float64: 8 bytes a pair.
    """
    class_sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    positive_count = int((class_sizes * (class_sizes - 1) // 2).sum())
    negative_count = len(labels) * (len(labels) - 1) // 2 - positive_count
    numbers = np.unique(labels, return_inverse=True)[1].reshape(-1)
    rows = DistanceRows(points, distance)
    # One slot more than needed, because the kernel writes every distance to both and advances one.
    positive, negative, ends = np.empty(positive_count + 1), np.empty(negative_count + 1), (0, 0)
    for start in range(0, len(labels), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(labels))
        if distances is not None:
            block = distances[start:stop, start:]
        else:
            block = rows.block(start, stop, first=start)
        ends = split_pairs(block, numbers[start:], positive, negative, *ends)
    positive, negative = positive[:-1], negative[:-1]
    positive.sort()
    negative.sort()
    return PairDistances(positive, negative)


def auc(pairs: PairDistances) -> float:
    """What `verification.auc` returns, by going through both ascending lists at once instead of searching one."""
    closer, not_further = count_couples(pairs.positive, pairs.negative)
    return 1.0 - (closer + not_further) / (2 * len(pairs.positive) * len(pairs.negative))


def histogram(pairs: PairDistances, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs, (S + 1,) ascending edges -> counts of positive and negative pairs per bin, (S,) int64 each.

    Bins are (edge, next edge], and the first also holds what equals the first edge: the running sum at an edge is
    exactly the number of pairs at a distance <= that edge.
    """
    for kind in (pairs.positive, pairs.negative):
        if len(kind) and not (edges[0] <= kind[0] and kind[-1] <= edges[-1]):
            raise ValueError(
                f"edges must span all pair distances, got {edges[0]:g} to {edges[-1]:g} for distances from "
                f"{kind[0]:g} to {kind[-1]:g}. Use default_edges."
            )
    return _binned(pairs.positive, edges), _binned(pairs.negative, edges)


def default_edges(pairs: PairDistances, bins: int = 1024, *, span: tuple[float, float] | None = None) -> np.ndarray:
    """(bins + 1,) equal steps from 0 to a round number no smaller than the largest distance.

    Where the smallest one is negative, from a round number below it, and to 0 where all are. With `span`, the smallest
    and the largest that distances can be, always over that, so that the axis stands still from epoch to epoch (where
    rounding made a distance lie outside, the first or last edge alone moves out to it).
    """
    kinds = [kind for kind in (pairs.positive, pairs.negative) if len(kind)]
    smallest = min((float(kind[0]) for kind in kinds), default=0.0)
    largest = max((float(kind[-1]) for kind in kinds), default=0.0)
    low, high = span or (
        -round_up(-smallest) if smallest < 0 else 0.0,
        round_up(largest) if largest > 0 or smallest >= 0 else 0.0,
    )
    edges = np.linspace(low, high, bins + 1)
    edges[0], edges[-1] = min(edges[0], smallest), max(edges[-1], largest)
    return edges


def round_up(value: float) -> float:
    """The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is no smaller; 1 for 0."""
    if value <= 0:
        return 1.0
    candidates = _ROUND_NUMBERS * 10.0 ** np.floor(np.log10(value))
    return float(candidates[candidates >= value][0]) if value <= candidates[-1] else float(value)


def _binned(ascending: np.ndarray, edges: np.ndarray) -> np.ndarray:
    # Rounding the edges down to the type of the distances changes no comparison and spares a copy of all distances.
    narrow = edges.astype(ascending.dtype)
    narrow = np.where(narrow > edges, np.nextafter(narrow, -np.inf, dtype=narrow.dtype), narrow)
    below = np.searchsorted(ascending, narrow, side="right")
    counts = np.diff(below).astype(np.int64)
    counts[0] += below[0]
    return counts
