"""The exact triplet census: how many of all (anchor, positive, negative) are hard, semi-hard and easy.

With d_ap the distance from anchor to positive and d_an the one to the negative: hard d_an < d_ap, semi-hard
d_ap <= d_an < d_ap + margin, easy the rest. Triplets are ordered, so a class of K points among N gives
K (K - 1) (N - K). Distances are the exact ones of core/statistics/distance_blocks.py at any number of points,
`d_ap + margin` is rounded once, in float64, and every comparison is then exact.

Nothing is enumerated and nothing sampled: the kernels count, per anchor, by looking up instead of comparing all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.row_scan import Scan, scan


@dataclass(frozen=True)
class Census:
    """Numbers of ordered triplets."""

    hard: int
    semi_hard: int
    easy: int


@dataclass(frozen=True)
class CensusCurve:
    """Numbers of ordered triplets for each of M ascending margins; `hard` and `total` do not depend on it."""

    margins: np.ndarray
    hard: int
    semi_hard: np.ndarray
    total: int

    @property
    def easy(self) -> np.ndarray:
        """What is neither hard nor semi-hard, for each margin (M,)."""
        return self.total - self.hard - self.semi_hard


def census(
    embeddings: np.ndarray,
    labels: np.ndarray,
    margin: float,
    *,
    distance: Distance = EUCLIDEAN,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> Census:
    """(N, D), (N,) -> the counts over all ordered triplets at one margin.

    `distances` is the (N, N) matrix where it is at hand.
    """
    only = np.array([margin])
    curve = census_curve(embeddings, labels, only, distance=distance, distances=distances, threads=threads)
    return Census(curve.hard, int(curve.semi_hard[0]), int(curve.easy[0]))


def census_curve(
    embeddings: np.ndarray,
    labels: np.ndarray,
    margins: np.ndarray,
    *,
    distance: Distance = EUCLIDEAN,
    distances: np.ndarray | None = None,
    threads: int = 1,
) -> CensusCurve:
    """(N, D), (N,), ascending (M,) -> the counts at every margin, each exact; `distances` as in `census`."""
    added, points = checked_steps(margins), distance.prepared(embeddings)
    return curve_of(scan(points, labels, added, distance=distance, distances=distances, threads=threads), margins)


def checked_steps(margins: np.ndarray) -> np.ndarray:
    """Ascending (M,) -> what a scan is to add to d_ap, (1 + M,): nothing, then each margin."""
    check_margins(margins)
    return np.concatenate([[0.0], margins])


def curve_of(found: Scan, margins: np.ndarray) -> CensusCurve:
    """The curve from a scan by `checked_steps(margins)`."""
    return CensusCurve(margins, int(found.closer[0]), found.closer[1:] - found.closer[0], found.total)


def check_margins(margins: np.ndarray) -> None:
    """Raise ValueError where margins are not finite, from 0 up and ascending."""
    if margins.ndim != 1 or not len(margins) or not np.isfinite(margins).all() or (margins < 0).any():
        raise ValueError(f"margins must be finite numbers from 0 up, got {margins!s:.80}. Give at least one, 0.2 say.")
    if (np.diff(margins) < 0).any():
        raise ValueError(f"margins must ascend, got {margins!s:.80}. Sort them.")
