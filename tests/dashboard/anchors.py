"""Anchors with their triplets, for the figures of the Mine page."""

from __future__ import annotations

import numpy as np

from core.statistics.anchor_census import AnchorTriplets, census_of_anchor, distances_from

MARGINS = np.linspace(0, 2, 21)
NAMES = ["cat", "dog", "owl", "eel"]
# The triplets of the anchor, labels (N,) and a layout (N, 2).
Anchored = tuple[AnchorTriplets, np.ndarray, np.ndarray]


def triplets_of(points: np.ndarray, labels: np.ndarray, anchor: int = 0) -> AnchorTriplets:
    return census_of_anchor(distances_from(points, anchor), labels, anchor, MARGINS)
