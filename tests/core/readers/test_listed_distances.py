"""The distances of listed pairs, each that of its two points alone."""

from __future__ import annotations

import numpy as np
import pytest

from core.distances import DISTANCES, EUCLIDEAN, SQUARED_EUCLIDEAN
from core.distances.base import Distance
from core.readers.listed_distances import listed_distances

PAIRS = np.array([[3, 0, 3, 5, 0, 7], [1, 4, 3, 2, 4, 0]])


@pytest.mark.parametrize("kind", DISTANCES.values(), ids=DISTANCES)
def test_every_distance_is_that_of_the_two_points_alone(kind: type[Distance]) -> None:
    distance = kind()
    points = distance.prepared(np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32))
    found = listed_distances(points, *PAIRS, distance)
    expected = [distance.between(points[[a]], points[[b]])[0, 0] for a, b in PAIRS.T.tolist()]
    assert found.dtype == np.float64 and len(np.unique(found)) > 1
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("distance", [EUCLIDEAN, SQUARED_EUCLIDEAN], ids=lambda distance: distance.name)
def test_differences_are_added_up_dimension_by_dimension_to_the_last_bit(distance: Distance) -> None:
    points = (1e6 + np.random.default_rng(1).normal(size=(8, 7))).astype(np.float32)
    expected = []
    for a, b in PAIRS.T.tolist():
        square = 0.0
        for one, other in zip(points[a].tolist(), points[b].tolist(), strict=True):
            square += (one - other) * (one - other)
        expected.append(square if distance is SQUARED_EUCLIDEAN else square**0.5)
    assert listed_distances(points, *PAIRS, distance).tolist() == expected


@pytest.mark.parametrize("name", ["euclidean", "squared-euclidean", "manhattan"])
def test_no_pair_has_no_distance_and_what_float64_cannot_hold_is_infinite(name: str) -> None:
    distance, nothing = DISTANCES[name](), np.empty(0, np.int64)
    assert listed_distances(np.ones((2, 3)), nothing, nothing, distance).tolist() == []
    far = listed_distances(np.array([[1e308] * 9, [-1e308] * 9]), np.array([0]), np.array([1]), distance)
    assert far.tolist() == [np.inf]
