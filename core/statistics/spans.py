"""How far apart embeddings can be: the axes of their statistics, so that these stand still from epoch to epoch."""

from __future__ import annotations

from math import isfinite

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.pair_distances import round_up

MARGIN_STEPS = 101


def default_margins(embeddings: np.ndarray, margin: float, distance: Distance = EUCLIDEAN) -> np.ndarray:
    """(N, D) -> (101,) ascending margins from 0, one of them exactly `margin`.

    Up to a round number no smaller than any two distances can differ: for points of unit length by the distance's own
    bounds (2 for the Euclidean one), otherwise by `Distance.reach`; and at least to the margin.
    """
    span = span_of(embeddings, distance)
    top = max(span[1] - span[0] if span else distance.reach(distance.prepared(embeddings)), margin)
    margins = np.linspace(0.0, round_up(top), MARGIN_STEPS)
    if margin:  # 0 stays the first
        margins[1 + np.abs(margins[1:] - margin).argmin()] = margin
    return margins


def span_of(embeddings: np.ndarray, distance: Distance) -> tuple[float, float] | None:
    """The smallest and the largest that this distance can be for any points such as these; None without a bound."""
    largest = distance.largest(embeddings.shape[1])
    if isfinite(largest) and (distance.ignores_length or has_unit_length(embeddings)):
        return distance.smallest, largest
    return None


def has_unit_length(embeddings: np.ndarray) -> bool:
    """Whether all of (N, D) have the length 1, to three digits."""
    squares = np.einsum("nd,nd->n", embeddings, embeddings, dtype=np.float64)
    return bool(np.abs(squares - 1).max() < 1e-3)
