"""Embeddings as a training leaves them, for the tests of maps."""

from __future__ import annotations

import numpy as np


def clusters(rng: np.random.Generator, count: int = 400, classes: int = 6, dimension: int = 16) -> np.ndarray:
    """(N, D): Gaussian clusters on the unit sphere."""
    centres = rng.normal(size=(classes, dimension))
    points = centres[np.arange(count) % classes] + 0.4 * rng.normal(size=(count, dimension))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
