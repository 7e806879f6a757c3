"""A small space of unequal identities, and what is measured of it."""

from __future__ import annotations

import numpy as np

from core.comparison.measuring import reached
from core.comparison.reached import Reached
from core.distances import EUCLIDEAN
from core.statistics.pair_distances import pair_distances
from core.statistics.threshold_grid import threshold_grid

IDENTITIES = 24


def space(seed: int = 0, spread: float = 0.8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(10, 10 + IDENTITIES), rng.integers(1, 7, size=IDENTITIES))
    return rng.normal(size=(10 + IDENTITIES, 6))[labels] + spread * rng.normal(size=(len(labels), 6)), labels


def measured(points: np.ndarray, labels: np.ndarray) -> Reached:
    return reached(points, labels, threshold_grid(pair_distances(points, labels)), EUCLIDEAN)
