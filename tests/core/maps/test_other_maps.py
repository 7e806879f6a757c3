"""Other maps lie over the run's own: turned as scipy turns them, and as widely spread."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import procrustes

from core.maps import other_maps
from core.maps.other_maps import PCA, SEED, laid_over, other_map
from core.maps.projector import Projector, pca_layout
from tests.core.clusters import clusters


def spread(points: np.ndarray) -> float:
    return float(np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean()))


def test_a_map_is_turned_as_scipy_turns_it_and_spread_as_the_target() -> None:
    rng = np.random.default_rng(0)
    target, points = 3 + rng.normal(size=(2, 50, 2)) * [[[4.0, 1.0]], [[0.2, 0.1]]]
    found = laid_over(points, target)
    assert spread(found) == pytest.approx(spread(target), rel=1e-5)
    np.testing.assert_allclose(found.mean(axis=0), target.mean(axis=0), atol=1e-5)
    _, peer, _ = procrustes(target, points)  # of unit size, scaled to fit best
    unit = (found - found.mean(axis=0)) / np.linalg.norm(found - found.mean(axis=0))
    np.testing.assert_allclose(unit, peer / np.linalg.norm(peer), atol=1e-5)


@pytest.mark.parametrize("mirror", [1, -1])
def test_the_same_map_turned_mirrored_and_scaled_lies_on_itself(mirror: int) -> None:
    target = np.random.default_rng(1).normal(size=(40, 2))
    turn = np.array([[np.cos(2.0), -np.sin(2.0)], [np.sin(2.0), np.cos(2.0)]])
    moved = 7 * (target * [1, mirror]) @ turn + [30, -4]
    np.testing.assert_allclose(laid_over(moved, target), target, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_points_at_one_place_stay_finite(count: int) -> None:
    place, wide = np.ones((count, 2), np.float32), np.random.default_rng(0).normal(size=(count, 2))
    for points, target in ((place, wide), (wide, place), (place, place)):
        found = laid_over(points, target)
        assert found.shape == (count, 2) and found.dtype == np.float32 and np.isfinite(found).all()
    if count > 1:
        assert spread(laid_over(wide, place)) == pytest.approx(spread(wide), rel=1e-5), "not shrunk to a spot"


def test_both_maps_are_those_of_the_projector_laid_over() -> None:
    embeddings = clusters(np.random.default_rng(0), 80)
    own = Projector(seed=4).layout(embeddings).points
    pca, seed = (other_map(embeddings, own, kind, 4) for kind in (PCA, SEED))
    assert (pca.method, seed.method) == ("pca", "umap")
    np.testing.assert_array_equal(pca.points, laid_over(pca_layout(embeddings), own))
    np.testing.assert_array_equal(seed.points, laid_over(Projector(seed=5).layout(embeddings).points, own))
    assert not np.array_equal(seed.points, own)


def test_a_map_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, own = np.zeros((5, 3)), np.zeros((5, 2))
    with pytest.raises(ValueError, match="one of pca, seed, got 'tsne'"):
        other_map(embeddings, own, "tsne", 0)
    monkeypatch.setattr(other_maps, "MOST_POINTS", 4)
    with pytest.raises(ValueError, match="at most 4 points, got 5"):
        other_map(embeddings, own, SEED, 0)
    assert other_map(embeddings, own, PCA, 0).method == "pca"
