"""UMAP maps that hold still from epoch to epoch, and the PCA map that stands in where UMAP cannot or need not be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.maps.umap_layout import descended, is_warm, standardised, warm_up, warm_up_in_background

__all__ = ["Layout", "Projector", "align", "is_warm", "pca_layout", "warm_up", "warm_up_in_background"]

EXTENT = 10.0  # half the width of a PCA layout: about what UMAP makes of two thousand points


@dataclass(frozen=True)
class Layout:
    """Where the points of a map lie, (N, 2) float32, and how it came about: umap, pca or identity."""

    points: np.ndarray
    method: str


class Projector:
    """Lays out successive snapshots of the same points so that points move and do not flip.

    The first map is optimised for `first_epochs` from a PCA layout; every further one for `epochs` from the map before
    it, then turned and shifted onto that one (never scaled, so that UMAP's own units stay). The only state is the last
    map: a projector made with `previous` goes on exactly where another stopped. One thread, and the same snapshots
    and seed give the same maps, bit for bit.

    An embedding of two dimensions is its own map (method identity). Fewer than four points and a constant embedding
    have no neighbour graph worth the name and get their PCA layout. So does any snapshot before UMAP is warm when
    `wait_for_umap` is false: the first UMAP map then starts from the PCA one. `neighbours` counts the point itself.
    """

    def __init__(
        self,
        seed: int,
        previous: np.ndarray | None = None,
        first_epochs: int = 200,
        epochs: int = 10,
        neighbours: int = 15,
        wait_for_umap: bool = True,
    ) -> None:
        lowest = (("first_epochs", first_epochs, 1), ("epochs", epochs, 1), ("neighbours", neighbours, 2))
        for name, value, low in lowest:
            if value < low:
                raise ValueError(f"{name} must be at least {low}, got {value}. Raise it.")
        self.seed = seed
        self.first_epochs = first_epochs
        self.epochs = epochs
        self.neighbours = neighbours
        self.wait_for_umap = wait_for_umap
        self.previous = None if previous is None else _checked(previous, "previous").astype(np.float32)

    def layout(self, embeddings: np.ndarray) -> Layout:
        """(N, D) -> the map of this snapshot, which is also the start of the next one."""
        embeddings = _checked(embeddings, "embeddings")
        if self.previous is not None and self.previous.shape != (len(embeddings), 2):
            raise ValueError(
                f"embeddings must be of the {len(self.previous)} points of the map before, got {len(embeddings)}. "
                "Use a new Projector for other points."
            )
        if embeddings.shape[1] == 2:
            made = Layout(embeddings.astype(np.float32), "identity")
        elif len(embeddings) < 4 or _is_one_place(embeddings):
            made = Layout(self._on_previous(pca_layout(embeddings)), "pca")
        elif not self.wait_for_umap and not is_warm():
            made = Layout(self._on_previous(pca_layout(embeddings)), "pca")
        else:
            made = Layout(self._umap_layout(embeddings), "umap")
        self.previous = made.points
        return made

    def _umap_layout(self, embeddings: np.ndarray) -> np.ndarray:
        if self.previous is None or _is_one_place(self.previous):
            start = pca_layout(embeddings)
            return descended(embeddings, start, self.first_epochs, self.neighbours, self.seed, rate=1.0)
        points = descended(embeddings, self.previous, self.epochs, self.neighbours, self.seed)
        return self._on_previous(points)

    def _on_previous(self, points: np.ndarray) -> np.ndarray:
        return points if self.previous is None else align(points, self.previous)


def pca_layout(embeddings: np.ndarray) -> np.ndarray:
    """(N, D) -> the first two principal components (N, 2), as wide as a UMAP map.

    The sign of a component is the one that makes its largest loading positive. Missing components are zero.
    """
    points = np.zeros((len(embeddings), 2), np.float32)
    if len(embeddings) == 0 or _is_one_place(embeddings):
        return points
    centred = standardised(embeddings)
    if centred.shape[1] <= len(centred):
        axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1].T  # ascending order comes back, (D, D)
    else:
        axes = np.linalg.svd(centred, full_matrices=False)[2]
    axes = axes[:2]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    coordinates = centred @ (axes * np.sign(largest)).T
    points[:, : len(axes)] = coordinates * (EXTENT / np.abs(coordinates).max())
    return points


def align(points: np.ndarray, previous: np.ndarray) -> np.ndarray:
    """(N, 2), (N, 2) -> `points` turned or mirrored, and shifted, to lie nearest to `previous` (Procrustes)."""
    if len(points) == 0:
        return points
    target = previous.astype(np.float64)
    centred = points.astype(np.float64) - points.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd(centred.T @ (target - target.mean(axis=0)))
    return (centred @ (left @ right) + target.mean(axis=0)).astype(np.float32)


def _checked(points: np.ndarray, name: str) -> np.ndarray:
    points = np.asarray(points)
    if points.ndim != 2 or points.shape[1] == 0:
        raise ValueError(f"{name} must be rows of numbers (N, D), got shape {points.shape}. Give one row per point.")
    broken = int((~np.isfinite(points)).any(axis=1).sum())
    if broken:
        raise ValueError(f"{name} must be finite, got {broken} of {len(points)} rows with NaN or infinity. Drop them.")
    return points


def _is_one_place(points: np.ndarray) -> bool:
    return bool((points == points[:1]).all())
