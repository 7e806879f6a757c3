"""The threshold that would serve each identity best on its own, to hold against the one for all; numpy alone.

Best in balanced terms: the largest TAR - FAR over its own genuine and impostor pairs, the smallest threshold at a tie,
by the rule of the goals. That is always the distance of a genuine pair, because between two of these only the FAR
grows. A distance at the threshold is accepted.
"""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.checks import check_embeddings
from core.statistics.exact_distances import ROWS_AT_ONCE, ExactDistances, exact_distances


def best_thresholds(points: np.ndarray, labels: np.ndarray, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D), (N,) -> the best threshold of each identity in order of the labels (C,), NaN where it has one sample."""
    check_embeddings(points, labels)
    samples = np.unique(labels, return_counts=True)[1]
    distances = exact_distances(points[np.argsort(labels, kind="stable")], distance)
    ends = np.cumsum(samples).tolist()
    return np.array([_best(distances, start, end, ends[-1]) for start, end in zip([0, *ends], ends, strict=False)])


def _best(distances: ExactDistances, start: int, end: int, count: int) -> float:
    """Of the identity in rows start to end among `count`."""
    genuine = _genuine(distances, start, end)
    if not len(genuine):
        return np.nan
    false_accepts = sum(
        _accepted(distances, top, min(top + ROWS_AT_ONCE, end), slice(start, end), genuine)
        for top in range(start, end, ROWS_AT_ONCE)
    )
    true_accepts = np.searchsorted(genuine, genuine, side="right")
    # In whole numbers, both rates over both counts, so that equals stay equal.
    merit = true_accepts * ((end - start) * (count - end + start)) - false_accepts * len(genuine)
    return float(genuine[np.argmax(merit)])


def _genuine(distances: ExactDistances, start: int, end: int) -> np.ndarray:
    """The distances of the pairs within these rows, ascending and exact."""
    blocks = []
    for top in range(start, end, ROWS_AT_ONCE):
        bottom = min(top + ROWS_AT_ONCE, end)
        rows_a, rows_b = np.nonzero(np.arange(top, end) > np.arange(top, bottom)[:, None])
        block = distances.block(top, bottom, first=top, last=end)
        blocks.append(distances.exact(block[rows_a, rows_b], rows_a + top, rows_b + top))
    return np.sort(np.concatenate(blocks))


def _accepted(distances: ExactDistances, top: int, bottom: int, own: slice, genuine: np.ndarray) -> np.ndarray:
    """How many pairs of these rows with other identities are at most as far as each genuine pair, (P,)."""
    block, slack = distances.block(top, bottom), distances.slack_at(genuine)
    block[:, own] = np.inf
    is_near = block <= genuine[-1] + slack[-1]
    impostors = block[is_near]
    ascending = np.sort(impostors)
    low, high = genuine - slack, genuine + slack
    is_open = np.searchsorted(ascending, low) < np.searchsorted(ascending, high, side="right")
    if is_open.any():
        begun = np.searchsorted(low[is_open], impostors, side="right")
        within = begun > np.searchsorted(high[is_open], impostors)
        rows_a, rows_b = np.divmod(np.flatnonzero(is_near)[within], block.shape[1])
        impostors[within] = distances.exact(impostors[within], rows_a + top, rows_b)
        ascending = np.sort(impostors)
    return np.searchsorted(ascending, genuine, side="right")
