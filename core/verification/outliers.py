"""Outliers: points whose nearest are far away, beside those of the whole set."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FENCE = 1.5  # interquartile ranges above the upper quartile (Tukey 1977)


class Outlier(NamedTuple):
    """A point and how far its k-th nearest is; `usual` is how far that of half of all points is."""

    row: int
    away: float
    usual: float


def outlier_limit(away: np.ndarray) -> float:
    """The distance to the k-th nearest (N,) above which Tukey's fence calls a point an outlier."""
    low, high = np.quantile(away, [0.25, 0.75])
    return float(high + FENCE * (high - low))


def outliers(away: np.ndarray) -> list[Outlier]:
    """Distances to the k-th nearest (N,) -> the points beyond the fence, the furthest first, equal ones by their
    rows."""
    found = np.flatnonzero(away > outlier_limit(away))
    order = found[np.lexsort((found, -away[found]))]
    usual = float(np.median(away))
    return [Outlier(int(row), float(away[row]), usual) for row in order]
