"""Points of many kinds on which rounding shows: tied, tiny, huge, narrow, heavy-tailed, far from each other."""

from __future__ import annotations

import numpy as np


def spread(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of one kind, some of them copies, in seven classes of unequal size."""
    generator = np.random.default_rng(3)
    labels = generator.choice(7, size=count, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.06, 0.04])
    whole, scattered = generator.integers(-1, 2, size=(count, 8)), generator.normal(size=(count, 8))
    scattered[generator.integers(count, size=count // 5)] = scattered[:7].repeat(count // 35 + 1, 0)[: count // 5]
    points = {
        "whole": whole.astype(np.float32),
        "tenths": (np.float32(0.1) * whole).astype(np.float32),  # as tied, but their squares fill all digits
        "scattered": scattered.astype(np.float32),
        "moved away": scattered + 1e6,
        "tiny": scattered * 1e-30,
        "vanishing": scattered * 1e-155,  # squares near the smallest number
        "huge": scattered * 1e100,
        "narrow": 1 + 1e-7 * scattered,
        "heavy tails": scattered * generator.pareto(0.5, size=(count, 1)),
        "far classes": 100.0 * (labels // 2)[:, None] + 0.01 * scattered,
    }
    return points[kind], labels


def points_with_duplicates(count: int, dimensions: int, seed: int = 0) -> np.ndarray:
    """(N, D) float32, up to a quarter of them copies of one."""
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(count, dimensions)).astype(np.float32)
    points[generator.integers(count, size=count // 4)] = points[3]
    return points


KINDS = [
    "whole",
    "tenths",
    "scattered",
    "moved away",
    "tiny",
    "vanishing",
    "huge",
    "narrow",
    "heavy tails",
    "far classes",
]
