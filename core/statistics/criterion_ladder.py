"""How strong a claim each anchor allows, from the weakest to the strongest; each claim implies the one before it.

Nearest: its nearest positive is nearer than its nearest negative (Recall@1, a tie not counting). Whole: its furthest
positive is, too (what batch-hard mining trains for). Shared: one threshold, the same for all anchors, accepts each of
its positives and none of its negatives. Where the last holds for every anchor, one threshold tells all pairs apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Ladder(NamedTuple):
    """Of so many anchors with a positive and a negative, how many allow each claim; the threshold is the smallest of
    those that serve most anchors, NaN where none serves any."""

    anchors: int
    nearest: int
    whole: int
    shared: int
    threshold: float


def criterion_ladder(distances: np.ndarray, labels: np.ndarray) -> Ladder:
    """(N, N), (N,) -> how many anchors allow each claim; a threshold accepts what is at most so far."""
    count = len(labels)
    first, last, other = np.empty((3, count))
    for row, to_others in enumerate(distances):
        is_same = labels == labels[row]
        is_same[row] = False
        first[row] = to_others[is_same].min(initial=np.inf)
        last[row] = to_others[is_same].max(initial=-np.inf)
        other[row] = to_others[labels != labels[row]].min(initial=np.inf)
    asks = np.isfinite(first) & np.isfinite(other)
    first, last, other = first[asks], last[asks], other[asks]
    is_whole = last < other
    shared, threshold = _most_served(np.sort(last[is_whole]), np.sort(other[is_whole]))
    return Ladder(len(first), int((first < other).sum()), int(is_whole.sum()), shared, threshold)


def _most_served(begins: np.ndarray, ends: np.ndarray) -> tuple[int, float]:
    """Ascending ends (A,), (A,) of spans that hold their begin and not their end -> how many a number lies in at most,
    and the smallest such number."""
    if not len(begins):
        return 0, float("nan")
    served = np.searchsorted(begins, begins, side="right") - np.searchsorted(ends, begins, side="right")
    best = int(served.argmax())
    return int(served[best]), float(begins[best])
