"""What a map does to neighbourhoods: which true neighbours it loses, and how far it brings strangers in.

Trustworthiness falls with points that stand among the k nearest on the map and are none in the true space, by their
true rank; continuity falls with true neighbours that the map puts elsewhere, by their rank there (Venna and Kaski 2001,
Neighborhood preservation in nonlinear projection methods; 1 is best). Both need k below half of the points.

Where both lists have k entries, a point has as many strangers among its k on the map as true neighbours it lost there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class MapErrors(NamedTuple):
    """Of B points: how many of the k true neighbours are not among the k nearest on the map (B,); and by how many ranks
    all strangers, and all lost neighbours, are beyond k."""

    lost: np.ndarray
    stranger_ranks: int
    lost_ranks: int


def map_errors(true_order: np.ndarray, map_order: np.ndarray, k: int) -> MapErrors:
    """All others of B points, nearest first, in the true space and on the map (B, N - 1), by their rows."""
    count = true_order.shape[1] + 1
    on_map = _ranks(map_order, count, true_order[:, :k])
    in_truth = _ranks(true_order, count, map_order[:, :k])
    beyond_map, beyond_truth = (np.maximum(ranks - k, 0) for ranks in (on_map, in_truth))
    return MapErrors((beyond_map > 0).sum(axis=1), int(beyond_truth.sum()), int(beyond_map.sum()))


def faithfulness(rank_sum: int, count: int, k: int) -> float:
    """Trustworthiness or continuity from the sum of ranks beyond k of all `count` points; NaN where k is not below half
    of them."""
    if not 0 < k < count / 2:
        return float("nan")
    return 1 - 2 * rank_sum / (count * k * (2 * count - 3 * k - 1))


def _ranks(order: np.ndarray, count: int, asked: np.ndarray) -> np.ndarray:
    """The ranks, from 1 on, of the points asked for (B, K) in an order (B, N - 1)."""
    ranks = np.zeros((len(order), count), np.int64)
    np.put_along_axis(ranks, order, np.arange(1, count)[None], axis=1)
    return np.take_along_axis(ranks, asked, axis=1)
