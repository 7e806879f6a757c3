"""Groups without labels: the two nearest are put together again and again, the distance of two groups being the mean
over all pairs between them (average linkage, UPGMA; Sokal and Michener 1958). By scipy, which holds all distances."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Merges(NamedTuple):
    """All N - 1 steps that put N points together: both groups (N - 1, 2), the points being the first N and what step i
    makes N + i, and how far these were apart (N - 1,), ascending. Of steps equally far the order is scipy's, always the
    same for the same distances."""

    groups: np.ndarray
    apart: np.ndarray

    def at(self, threshold: float) -> np.ndarray:
        """(N,) the groups of which none are at most so far apart, numbered by their first points."""
        return self.after(int(np.searchsorted(self.apart, threshold, side="right")))

    def into(self, count: int) -> np.ndarray:
        """(N,) exactly so many groups, numbered by their first points. Raises ValueError where there are fewer
        points."""
        points = len(self.apart) + 1
        if not 1 <= count <= points:
            raise ValueError(f"the number of groups must be from 1 to {points}, got {count}. Ask for one of these.")
        return self.after(points - count)

    def after(self, steps: int) -> np.ndarray:
        """(N,) the groups after the first so many steps."""
        points = len(self.apart) + 1
        root = np.arange(points + steps)
        for step in range(steps - 1, -1, -1):  # from above, so that each takes the final name of what it went into
            root[self.groups[step]] = root[points + step]
        names, first, place = np.unique(root[:points], return_index=True, return_inverse=True)
        number = np.empty(len(names), np.int64)
        number[np.argsort(first)] = np.arange(len(names))
        return number[place.reshape(-1)]


def average_linkage(distances: np.ndarray) -> Merges:
    """(N, N) float64, symmetric -> how its points are put together; beside the matrix as much again is held."""
    if len(distances) < 2:
        return Merges(np.empty((0, 2), np.int64), np.empty(0))
    from scipy.cluster.hierarchy import linkage  # which no page loads

    steps = linkage(np.concatenate([row[place + 1 :] for place, row in enumerate(distances)]), "average")
    return Merges(steps[:, :2].astype(np.int64), steps[:, 2].copy())
