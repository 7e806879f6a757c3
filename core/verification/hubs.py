"""Hubs: points that are among the nearest of far more others than they should be (Radovanovic, Nanopoulos, Ivanovic
2010, Hubs in space, Journal of Machine Learning Research 11)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DEVIATIONS = 2.0  # above the mean, as the paper counts hubs


class Hub(NamedTuple):
    """A point, among the nearest of how many others it is, and of how many with another label than its own."""

    row: int
    occurrences: int
    wrong: int


def skewness(occurrences: np.ndarray) -> float:
    """The third standardised moment of the k-occurrences (N,): 0 where no side is longer, above 1 where hubs rule; 0
    where all are equal."""
    away = occurrences - occurrences.mean()
    spread = float(np.sqrt((away**2).mean()))
    return float((away**3).mean() / spread**3) if spread > 0 else 0.0


def hubs(rows: np.ndarray, occurrences: np.ndarray, labels: np.ndarray) -> list[Hub]:
    """The K nearest of each point (N, K), k-occurrences (N,) and labels (N,) -> the points with more than the mean and
    two standard deviations, the largest number first, equal ones by their rows."""
    limit = occurrences.mean() + DEVIATIONS * occurrences.std()
    asking = np.repeat(labels, rows.shape[1]) != labels[rows.ravel()]
    wrong = np.bincount(rows.ravel()[asking], minlength=len(labels))
    found = np.flatnonzero(occurrences > limit)
    order = found[np.lexsort((found, -occurrences[found]))]
    return [Hub(int(row), int(occurrences[row]), int(wrong[row])) for row in order]
