from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from core.maps import projector as projection
from core.maps import umap_layout
from core.maps.projector import Projector, align, pca_layout, warm_up, warm_up_in_background
from tests.imports import ROOT


def clusters(rng: np.random.Generator, count: int = 400, classes: int = 6, dimension: int = 16) -> np.ndarray:
    """(N, D): Gaussian clusters on the unit sphere."""
    centres = rng.normal(size=(classes, dimension))
    points = centres[np.arange(count) % classes] + 0.4 * rng.normal(size=(count, dimension))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def trust(embeddings: np.ndarray, points: np.ndarray) -> float:
    from sklearn.manifold import trustworthiness

    return trustworthiness(embeddings, points, n_neighbors=15)


def jump(points: np.ndarray, previous: np.ndarray) -> float:
    """Median way of a point, as a share of the view's width."""
    return float(np.median(np.linalg.norm(points - previous, axis=1)) / np.ptp(previous, axis=0).max())


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    return points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    warm_up()


@pytest.mark.parametrize("count", [300, 4200])  # umap-learn branches at 4096 points
def test_a_map_after_warming_up_compiles_nothing_more(rng: np.random.Generator, count: int) -> None:
    from numba.core import event

    embeddings, projector = rng.normal(size=(count, 8)), Projector(seed=0, first_epochs=2, epochs=2)
    with event.install_recorder("numba:compile") as recorded:
        projector.layout(embeddings)
        projector.layout(embeddings.astype(np.float32))
    assert not recorded.buffer


def test_the_kernels_are_compiled_once_for_all_processes() -> None:
    umap = umap_layout._imported_umap()
    descend = umap.layouts._get_optimize_layout_euclidean_single_epoch_fn(False)  # the one that a descent runs
    for kernel in (umap.umap_.smooth_knn_dist, umap.umap_.compute_membership_strengths, descend):
        assert kernel.signatures and kernel.stats.cache_path, kernel


def test_an_unchanged_embedding_stays_where_it_is(rng: np.random.Generator) -> None:
    embeddings, projector = clusters(rng), Projector(seed=0)
    maps = [projector.layout(embeddings) for _ in range(4)]
    assert [made.method for made in maps] == ["umap"] * 4
    jumps = [jump(after.points, before.points) for before, after in zip(maps, maps[1:], strict=False)]
    assert max(jumps) < 0.05, jumps
    assert trust(embeddings, maps[-1].points) > trust(embeddings, maps[0].points) - 0.01


def test_the_map_follows_a_changed_embedding_within_a_few_frames() -> None:
    """As the mean of three sets: one alone may be 0.02 off either way, by the last bit of a distance."""
    behind = []
    for rng in map(np.random.default_rng, range(3)):
        before, after = clusters(rng), rng.permutation(clusters(rng))
        projector = Projector(seed=0)
        first = projector.layout(before).points
        assert trust(after, first) < 0.6, "the old map must know nothing of the new embedding"
        followed = [projector.layout(after).points for _ in range(5)][-1]
        behind.append(trust(after, Projector(seed=0).layout(after).points) - trust(after, followed))
    assert np.mean(behind) < 0.02, behind


def test_a_fresh_map_is_as_true_as_that_of_umap(rng: np.random.Generator) -> None:
    embeddings = clusters(rng)
    import umap

    with pytest.warns(UserWarning, match="not an NNDescent object"):
        peer = umap.UMAP(
            n_epochs=200,
            init="pca",
            random_state=0,
            n_jobs=1,
            precomputed_knn=(*umap_layout._nearest(embeddings, 15), None),
        ).fit_transform(embeddings)
    assert trust(embeddings, Projector(seed=0).layout(embeddings).points) > trust(embeddings, peer) - 0.005


def nearest_by_scipy(points: np.ndarray, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """The point itself, then the nearest others with their distances in float64."""
    distances = cdist(points.astype(np.float64), points.astype(np.float64))
    np.fill_diagonal(distances, -1.0)
    rows = np.argsort(distances, axis=1, kind="stable")[:, :neighbours]
    return rows, np.take_along_axis(distances, rows, axis=1).clip(min=0.0)


@pytest.mark.parametrize(("count", "dimension"), [(1999, 64), (2000, 64), (1000, 128), (4000, 32)])
def test_the_graph_is_that_of_the_true_distances_on_both_sides_of_the_switch(
    rng: np.random.Generator, count: int, dimension: int
) -> None:
    """From points x dimensions = 128,000 on faiss takes a matrix product: a third of the points then lay up to 0.0017
    from themselves, which UMAP took for the way to the nearest neighbour, and edges were off by up to 0.71."""
    points = umap_layout.standardised(clusters(rng, count, dimension=dimension)).astype(np.float32)
    rows, distances = umap_layout._nearest(points, 15)
    expected_rows, expected = nearest_by_scipy(points, 15)
    assert expected[:, 1].min() > 1e-3, "no copies, so that every point has a true nearest neighbour"
    assert (distances[:, 0] == 0).all() and (rows[:, 0] == np.arange(count)).all()
    np.testing.assert_allclose(distances, expected, rtol=1e-6)
    assert (rows != expected_rows).mean() < 1e-4
    umap = umap_layout._imported_umap()
    ours, theirs = (
        umap.umap_.fuzzy_simplicial_set(
            points, 15, np.random.RandomState(0), "euclidean", knn_indices=index, knn_dists=found.astype(np.float32)
        )[0]
        for index, found in ((rows, distances), (expected_rows.astype(np.int32), expected))
    )
    assert abs(ours - theirs).max() < 1e-3 < theirs.max()


@pytest.mark.parametrize("count", [300, 4000])
@pytest.mark.parametrize("copies", [3, 15, 40])
def test_a_point_is_its_own_first_neighbour_among_any_number_of_copies(
    rng: np.random.Generator, count: int, copies: int
) -> None:
    points = clusters(rng, count, dimension=32)
    some = rng.permutation(count)[:copies]
    points[some] = points[some[0]]
    rows, distances = umap_layout._nearest(points, 15)
    assert (rows[:, 0] == np.arange(count)).all()
    assert (np.diff(distances) >= 0).all() and len(np.unique(rows[some[0]])) == 15
    _, expected = nearest_by_scipy(points, 15)
    np.testing.assert_allclose(distances, expected, rtol=1e-6)
    assert ((distances == 0).sum(axis=1)[some] == min(copies, 15)).all()


def test_the_same_snapshots_and_seed_give_the_same_maps(rng: np.random.Generator) -> None:
    snapshots = [clusters(rng) for _ in range(3)]
    one, other, reseeded = ([made.layout(x).points for x in snapshots] for made in map(Projector, (0, 0, 1)))
    assert all(map(np.array_equal, one, other))
    assert not np.array_equal(one[-1], reseeded[-1])


def test_a_projector_goes_on_where_another_stopped(rng: np.random.Generator) -> None:
    first, second = clusters(rng), clusters(rng)
    whole = Projector(seed=0)
    stopped = whole.layout(first).points
    assert np.array_equal(whole.layout(second).points, Projector(seed=0, previous=stopped).layout(second).points)


def test_the_scale_of_the_embedding_does_not_matter(rng: np.random.Generator) -> None:
    embeddings = clusters(rng, 60).astype(np.float64)
    unit, huge = (Projector(seed=0).layout(embeddings * scale).points for scale in (1.0, 2.0**300))
    assert np.array_equal(unit, huge)


@pytest.mark.parametrize("count", range(7))
@pytest.mark.parametrize("dimension", [1, 3, 40])
def test_few_points_have_a_finite_map(rng: np.random.Generator, count: int, dimension: int) -> None:
    projector = Projector(seed=0)
    for _ in range(2):
        made = projector.layout(rng.normal(size=(count, dimension)))
        assert made.points.shape == (count, 2) and made.points.dtype == np.float32
        assert np.isfinite(made.points).all()
        assert made.method == ("pca" if count < 4 else "umap")


@pytest.mark.parametrize("count", [5, 14, 15, 16, 40])
def test_duplicates_have_a_finite_map(rng: np.random.Generator, count: int) -> None:
    embeddings = np.repeat(rng.normal(size=(2, 8)), count, axis=0)
    projector = Projector(seed=0)
    for _ in range(2):
        assert np.isfinite(projector.layout(embeddings).points).all()


def test_a_collapsed_embedding_is_one_place_and_comes_apart_again(rng: np.random.Generator) -> None:
    projector, apart = Projector(seed=0), clusters(rng)
    collapsed = projector.layout(np.full_like(apart, 0.1))
    assert collapsed.method == "pca" and np.ptp(collapsed.points) == 0
    assert trust(apart, projector.layout(apart).points) > trust(apart, Projector(seed=0).layout(apart).points) - 0.01
    assert np.ptp(projector.layout(np.full_like(apart, 0.1)).points, axis=0).max() == 0


def test_two_dimensions_are_their_own_map(rng: np.random.Generator) -> None:
    embeddings = rng.normal(size=(30, 2)).astype(np.float32)
    made = Projector(seed=0).layout(embeddings)
    assert made.method == "identity" and np.array_equal(made.points, embeddings)


def test_pca_is_the_plane_of_the_largest_variance(rng: np.random.Generator) -> None:
    plane = rng.normal(size=(50, 2)) * [5.0, 1.0]
    axes = np.linalg.qr(rng.normal(size=(7, 2)))[0]
    points = pca_layout(plane @ axes.T + 3.0)
    assert np.abs(points).max() == pytest.approx(10.0)
    expected = plane - plane.mean(axis=0)
    ratio = np.linalg.norm(points) / np.linalg.norm(expected)  # the plane itself, up to scale and a turn
    np.testing.assert_allclose(align(points / ratio, expected), expected, atol=1e-4)


def test_pca_does_not_flip_with_more_points_than_dimensions_or_fewer(rng: np.random.Generator) -> None:
    points = rng.normal(size=(12, 12)) * np.linspace(3, 1, 12)
    wide = np.hstack([points, np.zeros((12, 1))])
    np.testing.assert_allclose(pca_layout(wide), pca_layout(points), atol=1e-4)


def test_alignment_undoes_a_turn_a_mirror_and_a_shift(rng: np.random.Generator) -> None:
    previous = rng.normal(size=(20, 2)).astype(np.float32)
    moved = turned(previous * [1, -1], 2.0) + 5
    np.testing.assert_allclose(align(moved, previous), previous, atol=1e-5)


def test_before_umap_is_warm_the_map_is_a_steady_pca(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings, projector = clusters(rng), Projector(seed=0, wait_for_umap=False)
    with monkeypatch.context() as cold:
        cold.setattr(projection, "is_warm", lambda: False)
        first = projector.layout(embeddings)
        second = projector.layout(embeddings[:, ::-1])
    assert [first.method, second.method] == ["pca", "pca"]
    np.testing.assert_allclose(second.points, first.points, atol=1e-3)
    third = projector.layout(embeddings)
    assert third.method == "umap"
    assert jump(third.points, second.points) < jump(Projector(seed=0).layout(embeddings).points, second.points)


def test_warming_up_is_done_once_and_from_any_thread() -> None:
    threads = [threading.Thread(target=warm_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert projection.is_warm()
    warm_up_in_background()


def test_the_module_loads_nothing_heavy() -> None:
    check = "import core.maps.projector, sys; print({'umap', 'faiss', 'sklearn', 'numba', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()", done.stderr


def test_what_cannot_be_laid_out_is_said(rng: np.random.Generator) -> None:
    embeddings = rng.normal(size=(10, 4))
    embeddings[3, 1] = np.nan
    with pytest.raises(ValueError, match="embeddings must be finite, got 1 of 10 rows"):
        Projector(seed=0).layout(embeddings)
    with pytest.raises(ValueError, match=r"embeddings must be rows of numbers \(N, D\), got shape \(10,\)"):
        Projector(seed=0).layout(np.zeros(10))
    with pytest.raises(ValueError, match="previous must be finite"):
        Projector(seed=0, previous=np.full((3, 2), np.inf))
    with pytest.raises(ValueError, match="must be of the 5 points of the map before, got 6"):
        Projector(seed=0, previous=np.zeros((5, 2))).layout(np.zeros((6, 4)))
    with pytest.raises(ValueError, match="neighbours must be at least 2, got 1"):
        Projector(seed=0, neighbours=1)


def test_umap_runs_without_the_lock_of_python() -> None:
    """Held by the thread that draws maps, it would stop the training beside it for a tenth of a second each time."""
    umap_layout.warm_up()
    layouts, graphs = sys.modules["umap.layouts"], sys.modules["umap.umap_"]
    kernels = (
        layouts._nb_optimize_layout_euclidean_single_epoch,
        graphs.smooth_knn_dist,
        graphs.compute_membership_strengths,
    )
    assert all(kernel.targetoptions["nogil"] and kernel.signatures for kernel in kernels)
