"""One map laid onto another: against scipy, and against every other turn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes

from core.maps.alignment import Similarity, similarity


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    """A map, and a turned, mirrored, stretched, shifted and shaken one of the same points."""
    rng = np.random.default_rng(0)
    target = rng.normal(size=(60, 2)) * [5.0, 2.0] + [3.0, -4.0]
    turn = np.array([[np.cos(2), np.sin(2)], [np.sin(2), -np.cos(2)]])
    return 0.3 * target @ turn + rng.normal(size=(60, 2)) * 0.2 + [1.0, 9.0], target


def test_the_turn_and_the_places_are_those_of_scipy(pair: tuple[np.ndarray, np.ndarray]) -> None:
    points, target = pair
    found = similarity(points, target)
    turn, share = orthogonal_procrustes(points - points.mean(axis=0), target - target.mean(axis=0))
    np.testing.assert_allclose(found.turn, turn, atol=1e-12)
    assert np.linalg.det(found.turn) == pytest.approx(-1), "this case needs a mirror"
    _, laid, _ = procrustes(target, points)  # standardised, and shrunk by what least squares makes of the scale
    width = np.linalg.norm(target - target.mean(axis=0))
    shrunk = share / (np.linalg.norm(points - points.mean(axis=0)) * width)
    assert shrunk < 0.99, "least squares would shrink this map"
    np.testing.assert_allclose((found(points) - target.mean(axis=0)) / width, laid / shrunk, atol=1e-6)


def test_no_other_turn_or_mirror_is_nearer(pair: tuple[np.ndarray, np.ndarray]) -> None:
    points, target = pair
    found = similarity(points, target)
    least = np.square(found(points) - target).sum()
    for angle in np.linspace(0, 2 * np.pi, 360, endpoint=False):
        for mirror in (1, -1):
            turn = np.array([[np.cos(angle), np.sin(angle)], [-mirror * np.sin(angle), mirror * np.cos(angle)]])
            other = Similarity(turn, found.scale, found.centre, found.onto)
            assert np.square(other(points) - target).sum() >= least - 1e-3


def test_both_maps_are_equally_wide_however_little_they_are_alike() -> None:
    rng = np.random.default_rng(1)
    points, target = rng.normal(size=(200, 2)), 40 * rng.normal(size=(200, 2))
    laid = similarity(points, target)(points)
    np.testing.assert_allclose(laid.mean(axis=0), target.mean(axis=0), atol=1e-4)
    assert laid.std(axis=0).max() == pytest.approx(target.std(axis=0).max(), rel=0.2)
    assert np.linalg.norm(laid - laid.mean(axis=0)) == pytest.approx(np.linalg.norm(target - target.mean(axis=0)))


def test_what_is_given_as_it_lies_stays_there() -> None:
    points = np.random.default_rng(2).normal(size=(30, 2))
    np.testing.assert_allclose(similarity(points, points)(points), points, atol=1e-6)
    np.testing.assert_allclose(Similarity()(points), points, atol=1e-6)
    assert Similarity().is_same(Similarity()) and not similarity(points, points + 1).is_same(Similarity())


def test_points_in_one_place_keep_their_scale() -> None:
    found = similarity(np.zeros((5, 2)), np.arange(10.0).reshape(5, 2))
    assert found.scale == 1 and np.isfinite(found(np.zeros((5, 2)))).all()


def test_two_points_do_not_fix_it() -> None:
    with pytest.raises(ValueError, match="3 or more, got 2 and 2"):
        similarity(np.zeros((2, 2)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="the same points"):
        similarity(np.zeros((4, 2)), np.zeros((5, 2)))
