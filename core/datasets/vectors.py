"""Vectors in place of images: what an encoder of somebody else has made of something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets.samples import Samples


@dataclass(frozen=True, eq=False)
class Vectors(Samples):
    """Vectors (N, D) float32, finite."""

    def _check_values(self) -> None:
        vectors = self.values
        if vectors.dtype != np.float32 or vectors.ndim != 2 or 0 in vectors.shape:
            raise ValueError(
                f"vectors must be (N, D) of type float32, got {vectors.shape} of type {vectors.dtype}. "
                "Bring one row of numbers for each sample."
            )
        if not np.isfinite(vectors).all():
            row = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
            raise ValueError(f"vectors must be finite, got one that is not in row {row}. Leave such rows out.")

    @property
    def dimension(self) -> int:
        """How many numbers each vector has."""
        return self.values.shape[1]
