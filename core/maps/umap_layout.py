"""UMAP's graph and optimiser from a given start, on one thread.

The neighbours come from faiss, the fuzzy graph and the descent from umap-learn. `umap.UMAP` itself is not used: it
squeezes every given start into a box of 10 by 10 before it optimises, so that the warm start of an unchanged embedding
jumped by 17-20 % of the view. Handed the start as it is, the same optimiser moves it by 1 %.
Refused: AlignedUMAP, which takes all epochs at once and tens of seconds.
"""

from __future__ import annotations

import warnings
from functools import cache
from threading import Event, Lock, Thread
from typing import Any

import numpy as np

TREMBLE = 1e-3  # map units: parts points that start at one place, where the optimiser has no direction
FULL_RATE_STRAIN = 3.0  # map units: a map that fits has 0.3 to 0.9, the same map with its points exchanged 11
LOWEST_RATE = 0.1  # UMAP's own descent starts at 1
SPARE = 1  # more neighbours than wanted, so that noise seldom loses one; five would cost a tenth of the time

_one_at_a_time = Lock()  # numba's workqueue layer aborts the process when two threads enter a parallel kernel
_warm = Event()


def warm_up() -> None:
    """Import UMAP and compile its kernels by laying out a tiny set, so that no later call waits for it."""
    if not is_warm():
        tiny = np.random.default_rng(0).normal(size=(32, 4))
        descended(tiny, tiny[:, :2], epochs=2, neighbours=5, seed=0)


def warm_up_in_background() -> None:
    """Warm up in a thread that ends with the process."""
    Thread(target=warm_up, name="warm-up-umap", daemon=True).start()


def is_warm() -> bool:
    """Whether this process has laid out a map by UMAP before."""
    return _warm.is_set()


def standardised(embeddings: np.ndarray) -> np.ndarray:
    """Centred, largest entry 1, float64: UMAP and PCA do not see the scale, but float32 distances would overflow."""
    points = embeddings.astype(np.float64)
    points = points / np.abs(points).max()
    points -= points.mean(axis=0)
    return points / np.abs(points).max()


def descended(
    embeddings: np.ndarray, start: np.ndarray, epochs: int, neighbours: int, seed: int, rate: float | None = None
) -> np.ndarray:
    """(N, D), start (N, 2) -> the map after `epochs` of UMAP's stochastic gradient descent, (N, 2) float32.

    Without a given rate it follows the strain: the mean length, in the start, of the edges of the new neighbour graph.
    A start that already fits is moved little, one that does not is free to change.
    """
    with _one_at_a_time:
        umap = _imported_umap()
        import numba

        threads = numba.get_num_threads()
        numba.set_num_threads(1)
        try:
            random = np.random.RandomState(seed % 2**32)
            graph = _fuzzy_graph(umap, embeddings, min(neighbours, len(embeddings)), random)
            points = start.astype(np.float32) + random.normal(scale=TREMBLE, size=start.shape).astype(np.float32)
            if rate is None:
                lengths = np.linalg.norm(points[graph.row] - points[graph.col], axis=1)
                strain = float(np.average(lengths, weights=graph.data))
                rate = min(max(strain / FULL_RATE_STRAIN, LOWEST_RATE), 1.0)
            _descend(umap, points, graph, epochs, rate, random)
        finally:
            numba.set_num_threads(threads)
    _warm.set()
    return points


@cache
def _imported_umap() -> Any:
    """umap-learn, with the three kernels that it compiles anew in every process (7-20 s) kept on disk (0.3 s).

    They are compiled to run without Python's lock: held by the thread that draws maps, it would stop the training.
    """
    # Said at import by umap-learn without tensorflow, which serves only its parametric form.
    warnings.filterwarnings("ignore", message="Tensorflow not installed", category=ImportWarning)
    import umap.layouts
    import umap.umap_

    for module, name in (
        (umap.umap_, "smooth_knn_dist"),
        (umap.umap_, "compute_membership_strengths"),
        (umap.layouts, "_nb_optimize_layout_euclidean_single_epoch"),
    ):
        kernel = getattr(module, name, None)  # a version without it is slower to start, not broken
        if kernel is not None and hasattr(kernel, "enable_caching"):
            kernel.targetoptions["nogil"] = True
            kernel.enable_caching()
    return umap


@cache
def _curve(umap: Any) -> tuple[float, float]:
    """UMAP's a and b for its default spread 1 and smallest distance 0.1."""
    a, b = umap.umap_.find_ab_params(1.0, 0.1)
    return float(a), float(b)


def _fuzzy_graph(umap: Any, embeddings: np.ndarray, neighbours: int, random: np.random.RandomState) -> Any:
    """(N, D) -> the fuzzy neighbour graph of UMAP, (N, N) sparse in coordinate form."""
    index, distances = _nearest(standardised(embeddings).astype(np.float32), neighbours)
    graph, _, _ = umap.umap_.fuzzy_simplicial_set(
        embeddings, neighbours, random, "euclidean", knn_indices=index, knn_dists=distances
    )
    return graph.tocoo()


def _nearest(points: np.ndarray, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, D) float32 -> rows of the nearest points, the point itself first, and distances, ascending; (N, K) each.

    Where a point has K or more copies, which of them stand beside it is left open. From points x dimensions >= 128,000
    on faiss takes a matrix product, which leaves of a small distance only noise, even of that of a point to itself, and
    UMAP takes the smallest one above 0 for the nearest neighbour's. So faiss only says who is near, and how far that is
    comes from the differences.
    """
    import faiss

    from core.kernels.nearest import distances_to

    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    _, rows = index.search(points, min(neighbours + SPARE, len(points)))
    assert rows.min() >= 0, "faiss answers -1 only for too few or non-finite points, both checked before"
    own = np.arange(len(points))[:, None]
    lost = ~(rows == own).any(axis=1)  # behind its copies, or behind those that noise made closer
    rows[lost, -1] = own[lost, 0]
    distances = distances_to(points, rows)
    order = np.argsort(np.where(rows == own, -1.0, distances), axis=1, kind="stable")[:, :neighbours]
    nearest = np.take_along_axis(rows, order, axis=1).astype(np.int32)
    return nearest, np.take_along_axis(distances, order, axis=1).astype(np.float32)


def _descend(
    umap: Any, points: np.ndarray, graph: Any, epochs: int, rate: float, random: np.random.RandomState
) -> None:
    """Optimise `points` in place, as umap's simplicial_set_embedding does after it has scaled its start."""
    strongest = graph.data.max()
    is_strong = graph.data >= strongest / epochs  # a weaker edge is due after the last epoch
    umap.layouts.optimize_layout_euclidean(
        points,
        points,
        graph.row[is_strong],
        graph.col[is_strong],
        epochs,
        len(points),
        (strongest / graph.data[is_strong]).astype(np.float64),
        *_curve(umap),
        random.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
        initial_alpha=rate,
        move_other=True,
    )
