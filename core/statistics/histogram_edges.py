"""The edges of a histogram of pair distances that are not known yet."""

from __future__ import annotations

import numpy as np

from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.statistics.pair_distances import round_up

BINS, MOST_BINS = 65_536, 1 << 24  # float32 holds every whole number up to 2^24
UNIT_SLACK = 1.001  # points that pass for unit length (statistics.has_unit_length) may be that much further apart


def spanning_edges(
    points: np.ndarray,
    distance: Distance = EUCLIDEAN,
    bins: int = BINS,
    *,
    span: tuple[float, float] | None = None,
) -> np.ndarray:
    """Prepared points (N, D) -> (bins + 1,) edges in equal steps around all pair distances, without computing these.

    From 0, unless distances may be negative, to a round number beyond `Distance.reach`. With `span`, the smallest and
    largest that distances of points of unit length can be (`statistics.span_of`), over exactly that; the first and the
    last edge alone leave room for lengths that are not quite 1.
    """
    if span is None and distance.ignores_length:
        span = distance.smallest, distance.largest(points.shape[1])
    if span:
        edges = np.linspace(*span, bins + 1)
        edges[[0, -1]] *= UNIT_SLACK
        return edges
    reach = (1 + 1e-6) * distance.reach(points)  # for roundings
    if distance.smallest == 0:
        return np.linspace(0.0, round_up(reach), bins + 1)
    at_itself = float(distance.between(points[:1], points[:1])[0, 0])
    return np.linspace(-round_up(reach - at_itself), round_up(reach + at_itself), bins + 1)


def spelt(edges: np.ndarray) -> str:
    """Edges for an error message."""
    return f"{len(edges)} from {edges[0]:g} to {edges[-1]:g}" if len(edges) else "none"
