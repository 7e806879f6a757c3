"""The distance matrix of a batch and what close pairs pull, against loops in float64."""

from __future__ import annotations

import numpy as np
import pytest

from core.kernels.batch_distances import products_to_distances, pull_close_pairs
from tests.core.spreads import KINDS, spread

CLOSE = 0.01  # of the points' own squares, below which products are not trusted
IN_FLOAT32 = [kind for kind in KINDS if kind not in ("tiny", "vanishing", "huge")]


def single(kind: str, count: int = 70) -> np.ndarray:
    points = spread(kind, count)[0]
    return (points / max(1.0, np.abs(points).max() / 1e15)).astype(np.float32)


def exact(points: np.ndarray) -> np.ndarray:
    wide = points.astype(np.float64)
    return np.sqrt(np.square(wide[:, None] - wide).sum(axis=2))


@pytest.mark.parametrize("kind", IN_FLOAT32)
def test_products_become_distances_that_are_right_however_close_points_are(kind: str) -> None:
    points = single(kind)
    distances = points @ points.T
    products_to_distances(points, distances)
    np.testing.assert_allclose(distances, exact(points), rtol=1e-4)
    np.testing.assert_array_equal(distances, distances.T)
    assert not distances.diagonal().any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_point_knows_whether_another_one_is_close(dtype: type) -> None:
    """On a line: 1 and 1.05 are close beside their length, 10 and 100 are close to nobody, and no point to itself."""
    points = np.array([[1.0], [1.05], [10.0], [100.0], [-1.0]], dtype)
    distances = points @ points.T
    assert products_to_distances(points, distances).tolist() == [True, True, False, False, False]
    np.testing.assert_allclose(distances, exact(points), rtol=1e-6)


def test_what_is_not_a_number_is_not_made_one() -> None:
    points = np.array([[1.0], [np.nan], [2.0]], np.float32)
    distances = points @ points.T
    products_to_distances(points, distances)
    assert np.isnan(distances[1]).all() and np.isnan(distances[:, 1]).all() and distances[0, 2] == 1


@pytest.mark.parametrize("start", [0, 20])
@pytest.mark.parametrize("kind", IN_FLOAT32)
def test_close_pairs_pull_by_their_direct_difference_and_no_others(kind: str, start: int) -> None:
    points = single(kind)
    wide, norms = points.astype(np.float64), np.square(points).sum(axis=1)
    distances = exact(points).astype(np.float32)
    pull = np.random.default_rng(1).normal(size=(50, 70)).astype(np.float32)
    block, left = distances[start : start + 50].copy(), pull.copy()
    has_close = np.ones(70, bool)
    has_close[start + 3] = False
    expected, rest = np.zeros_like(wide), pull.copy()
    for index in range(50):
        for column in range(70):
            own = start + index
            is_far = block[index, column] * block[index, column] > np.float32(CLOSE) * (norms[own] + norms[column])
            if has_close[own] and not is_far:
                along = float(pull[index, column]) * (wide[own] - wide[column])
                expected[own] += along
                expected[column] -= along
                rest[index, column] = 0
    found = pull_close_pairs(points, start, block, left, has_close, norms)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * max(np.abs(expected).max(), 1e-30))
    np.testing.assert_array_equal(left, rest)
    assert (rest != pull).any() and (expected.any() or kind not in ("moved away", "narrow", "far classes"))
