"""Points of some classes, for figures of tests."""

from __future__ import annotations

import numpy as np


def blobs(count: int, step: int, classes: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Classes that part as `step` grows: x, y and labels."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % classes
    angle = 2 * np.pi * labels / classes
    centre = np.stack([np.cos(angle), np.sin(angle)]) * step / 4
    x, y = centre + rng.normal(size=(2, count))
    return x.astype(np.float32), y.astype(np.float32), labels
