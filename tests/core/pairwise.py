"""A distance against its definition, one pair of points at a time in plain floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from core.distances.base import Distance

Point = Sequence[float]


def assert_equals_loop(distance: Distance, by_hand: Callable[[Point, Point], float], *, count: int = 12) -> None:
    """In torch, which training compares by, and in numpy, which statistics do; the zero vector is among the points."""
    points = np.random.default_rng(0).normal(size=(count, 5))
    points[3] = 0
    expected = np.array([[by_hand(first, second) for second in points.tolist()] for first in points.tolist()])
    assert len(np.unique(expected.round(9))) > 3, "the points must not all be alike"
    prepared = distance.prepared(points)
    np.testing.assert_allclose(distance.between(prepared, prepared), expected, rtol=1e-9, atol=1e-7)
    np.testing.assert_allclose(distance.matrix(torch.from_numpy(points)).numpy(), expected, rtol=1e-9, atol=1e-7)
