"""The nearest put in order from squares that are off, against sorting the distances themselves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.kernels.nearest_matches import match_nearest


@pytest.mark.parametrize("steps", [4, 10**6], ids=["tied", "scattered"])
def test_the_order_is_that_of_the_distances_and_ties_are_in_order_of_their_places(steps: int) -> None:
    generator, count = np.random.default_rng(steps), 200
    points, numbers = (
        np.round(generator.normal(size=(count, 3)) * steps) / steps,
        generator.integers(4, size=count).astype(np.int32),
    )
    exact = np.square(points[:, None] - points).sum(axis=2)
    squares = np.maximum(exact + generator.uniform(-0.01, 0.01, size=exact.shape), 0).astype(np.float32)
    limits = np.partition(squares, 30, axis=1)[:, 30] + np.float32(0.03)
    is_match = np.zeros((count, count), np.bool_)
    places = generator.permutation(count)
    match_nearest(squares, 0, numbers, places, limits, points, True, is_match)
    for own in range(count):
        nearest = np.lexsort((places, np.where(np.arange(count) == own, np.inf, exact[own])))[:30]
        assert_array_equal(is_match[own, :30], numbers[nearest] == numbers[own])
