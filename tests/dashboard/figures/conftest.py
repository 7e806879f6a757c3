from __future__ import annotations

import numpy as np
import pytest

from tests.dashboard.anchors import Anchored, triplets_of


@pytest.fixture
def few_triplets(rng: np.random.Generator) -> Anchored:
    """Points on a coarse grid, so that many distances tie."""
    labels = np.arange(40) % 4
    points = rng.integers(0, 3, size=(40, 3)) / 2
    return triplets_of(points, labels), labels, points[:, :2]


@pytest.fixture
def many_triplets(rng: np.random.Generator) -> Anchored:
    labels = np.arange(1200) % 4
    points = rng.normal(size=(1200, 3)) + labels[:, None]
    return triplets_of(points, labels), labels, points[:, :2]
