"""The pairs of every identity of a set, counted at once."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence.dyadic_variance import IdentityPairs
from core.evidence.identity_counts import identity_sums


def identity_pairs(
    points: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN
) -> IdentityPairs:
    """Prepared points (N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs accepted at all but the
    first."""
    return identity_sums(points, labels, edges, distance=distance).pairs()
