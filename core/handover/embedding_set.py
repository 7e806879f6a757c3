"""Embeddings with what is known of their points, as every file of embeddings to take away has them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.distances.base import Distance


@dataclass(frozen=True, eq=False)
class EmbeddingSet:
    """Embeddings (N, D) float32, labels (N,) int64 with a name for each, the rows (N,) of the points where they come
    from, and what compares them; `point_names` (N,) where points have names. All finite, at least one."""

    embeddings: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    rows: np.ndarray
    distance: Distance
    point_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.embeddings.ndim != 2 or 0 in self.embeddings.shape:
            raise ValueError(f"embeddings must be (N, D), got {self.embeddings.shape}. Export a run that has some.")
        if not np.isfinite(self.embeddings).all():
            row = int(np.flatnonzero(~np.isfinite(self.embeddings).all(axis=1))[0])
            raise ValueError(f"embeddings must be finite, got one that is not in row {row}. Leave such rows out.")

    @property
    def names(self) -> list[str]:
        """(N,) the name of each point's class."""
        return [self.class_names[label] for label in self.labels.tolist()]

    @property
    def plain(self) -> np.ndarray:
        """The embeddings as float32 in one piece, row after row: some writers scramble what is laid out otherwise."""
        return np.ascontiguousarray(self.embeddings, dtype=np.float32)
