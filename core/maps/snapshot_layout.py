"""Where the points of a snapshot lie on its map, also where none was drawn because there are too many."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.maps.projector import pca_layout


def snapshot_layout(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """The arrays of a snapshot -> its map (N, 2) float32, or the two principal components of its embeddings."""
    return arrays["map"] if "map" in arrays else pca_layout(arrays["embeddings"])
