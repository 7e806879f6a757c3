"""Pairs of points that are as good as one, within a label and across labels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

NEAR = 0.1  # of the distance at which half of all points have their nearest


class Duplicate(NamedTuple):
    """Two rows, the lower first, how far apart they are by the Euclidean distance of their embeddings, and whether
    their labels contradict each other."""

    first: int
    second: int
    apart: float
    is_conflict: bool

    @property
    def is_exact(self) -> bool:
        """Whether the two embeddings are equal."""
        return self.apart == 0


def near_distance(apart: np.ndarray) -> float:
    """How far a near duplicate may be at most: NEAR of the median distance (N,) of points to their nearest; 0 where
    half of all have a copy."""
    return NEAR * float(np.median(apart))


def duplicates(copies: np.ndarray, apart: np.ndarray, labels: np.ndarray) -> list[Duplicate]:
    """Each point's nearest (N,), how far it is (N,) and labels (N,) -> the pairs that are near duplicates, each once:
    pairs of two labels first, then the closest, equal ones by their rows.

    Every point is paired with its nearest alone: of many copies of one point each still stands in the list.
    """
    rows = np.flatnonzero(apart <= near_distance(apart))
    low, high = np.minimum(rows, copies[rows]), np.maximum(rows, copies[rows])
    pairs = {
        (int(a), int(b)): Duplicate(int(a), int(b), float(d), bool(labels[a] != labels[b]))
        for a, b, d in zip(low, high, apart[rows], strict=True)
    }
    return sorted(pairs.values(), key=lambda one: (not one.is_conflict, one.apart, one.first, one.second))
