"""Other maps of the same points, laid over the map that a run has: their principal components, and UMAP from another
seed."""

from __future__ import annotations

import numpy as np

from core.maps.projector import Layout, Projector, pca_layout

OWN, PCA, SEED = "own", "pca", "seed"
OTHERS = (PCA, SEED)
MOST_POINTS = 10_000  # that UMAP is asked for


def other_map(embeddings: np.ndarray, own: np.ndarray, kind: str, seed: int) -> Layout:
    """(N, D) and the run's own map (N, 2) -> the map of this kind, laid over that one.

    `PCA` has the first two principal components; `SEED` is laid out anew by UMAP with the seed after `seed`, from the
    same start as a run's first map. Raises ValueError for more than MOST_POINTS points to lay out, or another kind.
    """
    if kind not in OTHERS:
        raise ValueError(f"another map must be one of {', '.join(OTHERS)}, got {kind!r}. Name one of these.")
    if kind == PCA:
        return Layout(laid_over(pca_layout(embeddings), own), "pca")
    if len(embeddings) > MOST_POINTS:
        raise ValueError(
            f"a map from another seed must have at most {MOST_POINTS:,} points, got {len(embeddings):,}. Take fewer."
        )
    made = Projector(seed + 1).layout(embeddings)
    return Layout(laid_over(made.points, own), made.method)


def laid_over(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(N, 2), (N, 2) -> `points` shifted, turned or mirrored to lie nearest to `target`, and as widely spread as that.

    Gower and Dijksterhuis 2004, Procrustes problems. They are spread by their root mean square distance from the mean
    and not by the scale that fits best, with which a map that is much unlike the other would shrink to a spot. Where
    the points or the target lie at one place nothing is scaled.
    """
    if len(points) == 0:
        return points.astype(np.float32)
    centred, aim = (map_ - map_.mean(axis=0) for map_ in (points.astype(np.float64), target.astype(np.float64)))
    left, _, right = np.linalg.svd(centred.T @ aim)
    own, wanted = np.linalg.norm(centred), np.linalg.norm(aim)
    scale = wanted / own if own > 0 and wanted > 0 else 1.0
    return (scale * centred @ (left @ right) + target.mean(axis=0, dtype=np.float64)).astype(np.float32)
