"""Samples whose label may be wrong: accepted by another identity and refused by their own; numpy alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.exact_distances import ROWS_AT_ONCE, exact_distances


class Suspect(NamedTuple):
    """A row, the label of the other identity that accepts most of it, and by how many of how many samples of that
    identity and of its own it is accepted."""

    row: int
    other: int
    by_other: int
    of_other: int
    by_own: int
    of_own: int

    @property
    def suspicion(self) -> float:
        """The share that accepts of the other identity minus that of its own, each as if one more sample had accepted
        and one more refused, so that a share of few samples says little."""
        return (self.by_other + 1) / (self.of_other + 2) - (self.by_own + 1) / (self.of_own + 2)


def suspects(
    points: np.ndarray, labels: np.ndarray, threshold: float, count: int, distance: Distance = EUCLIDEAN
) -> list[Suspect]:
    """Prepared points (N, D), (N,) -> at most `count` samples that another identity accepts more of than their own at
    this threshold, those with the largest suspicion first; equal ones by their rows.

    That other identity is the one with the largest share as `suspicion` takes it, the lower label of equal ones. A
    sample that is alone in its identity is among them where its suspicion is above 0.
    """
    order = np.argsort(labels, kind="stable")
    names, starts, sizes = np.unique(labels[order], return_index=True, return_counts=True)
    if len(names) < 2:
        return []
    own = np.repeat(np.arange(len(names)), sizes)
    pairs = exact_distances(points[order], distance)
    found: list[Suspect] = []
    for start in range(0, len(labels), ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, len(labels))
        accepted = np.add.reduceat(pairs.accepted(start, stop, threshold).astype(np.int32), starts, axis=1)  # (B, C)
        rows, here = np.arange(start, stop), own[start:stop]
        # A point is at no distance from itself, but a rounded or learned distance need not say so.
        itself = pairs.exact(np.zeros(stop - start), rows, rows) <= threshold
        by_own = accepted[rows - start, here] - itself
        share = (accepted + 1) / (sizes + 2)
        share[rows - start, here] = -1.0
        other = share.argmax(axis=1)
        found += [
            Suspect(int(order[row]), int(names[b]), int(n), int(sizes[b]), int(m), int(sizes[a]) - 1)
            for row, b, n, m, a in zip(rows, other, accepted[rows - start, other], by_own, here, strict=True)
            if share[row - start, b] > (m + 1) / (sizes[a] + 1) and (sizes[a] == 1 or n * (sizes[a] - 1) > m * sizes[b])
        ]
    return sorted(found, key=lambda one: (-one.suspicion, one.row))[:count]
