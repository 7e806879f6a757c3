"""The neighbours, the graph and the descent under a map."""

from __future__ import annotations

import sys
import threading

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from core.maps import umap_layout
from core.maps.umap_layout import descended, standardised, warm_up, warm_up_in_background
from tests.core.clusters import clusters


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    warm_up()


def test_the_kernels_are_compiled_once_for_all_processes() -> None:
    umap = umap_layout._imported_umap()
    descend = umap.layouts._get_optimize_layout_euclidean_single_epoch_fn(False)  # the one that a descent runs
    for kernel in (umap.umap_.smooth_knn_dist, umap.umap_.compute_membership_strengths, descend):
        assert kernel.signatures and kernel.stats.cache_path, kernel


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


def test_points_are_centred_and_scaled_whatever_their_place_and_size() -> None:
    points = np.array([[1.0, -3.0], [3.0, 5.0], [2.0, 1.0]])
    np.testing.assert_allclose(standardised(points), [[-0.25, -1.0], [0.25, 1.0], [0.0, 0.0]], atol=1e-15)
    np.testing.assert_array_equal(standardised(points * 2.0**400), standardised(points))
    assert standardised(points.astype(np.float32)).dtype == np.float64


def test_a_start_that_fits_is_moved_little_and_one_that_does_not_is_free_to_change(rng: np.random.Generator) -> None:
    embeddings = clusters(rng, 200)
    fitting = descended(embeddings, 10 * rng.normal(size=(200, 2)), 200, 15, 0, rate=1.0)
    fitting = descended(embeddings, fitting, 100, 15, 0)

    def way(start: np.ndarray) -> float:
        return float(np.median(np.linalg.norm(descended(embeddings, start, 10, 15, 1) - start, axis=1)))

    assert 5 * way(fitting) < way(rng.permutation(fitting))


def test_the_descent_repeats_itself_and_leaves_its_start_alone(rng: np.random.Generator) -> None:
    embeddings, start = clusters(rng, 60), rng.normal(size=(60, 2)).astype(np.float32)
    before = start.copy()
    one, again, other = (descended(embeddings, start, 5, 15, seed) for seed in (3, 3, 4))
    assert one.dtype == np.float32 and np.isfinite(one).all()
    assert np.array_equal(one, again) and not np.array_equal(one, other) and np.array_equal(start, before)


def test_warming_up_is_done_once_and_from_any_thread() -> None:
    threads = [threading.Thread(target=warm_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert umap_layout.is_warm()
    warm_up_in_background()


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
