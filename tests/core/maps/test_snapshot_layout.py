from __future__ import annotations

import numpy as np

from core.maps.projector import pca_layout
from core.maps.snapshot_layout import snapshot_layout


def test_a_snapshot_without_a_map_is_laid_out_by_its_principal_components() -> None:
    points = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    drawn = np.ones((30, 2), np.float32)
    assert snapshot_layout({"embeddings": points, "map": drawn}) is drawn
    made = snapshot_layout({"embeddings": points})
    assert made.shape == (30, 2) and (made == pca_layout(points)).all() and np.ptp(made) > 1
