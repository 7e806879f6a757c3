"""The distances of listed pairs of points, in float64; numpy alone where the distance is Euclidean or its square."""

from __future__ import annotations

import numpy as np

from core.distances.base import Distance
from core.statistics.exact_distances import direct_squares


def listed_distances(points: np.ndarray, first: np.ndarray, second: np.ndarray, distance: Distance) -> np.ndarray:
    """Prepared points (N, D), rows (P,), (P,) -> (P,) float64, each the one that `distance` has between its two points
    alone; infinite where a square is too large for a float64."""
    if distance.power:
        columns = np.ascontiguousarray(points.T, dtype=np.float64)
        with np.errstate(over="ignore"):
            squares = direct_squares(columns, first, second)
        return squares if distance.power == 2 else np.sqrt(squares)
    order = np.argsort(first, kind="stable")
    rows, starts = np.unique(first[order], return_index=True)
    distances = np.empty(len(first))
    for row, pairs in zip(rows.tolist(), np.split(order, starts)[1:], strict=True):
        with np.errstate(over="ignore"):
            distances[pairs] = distance.between(points[row : row + 1], points[second[pairs]])[0]
    return distances
