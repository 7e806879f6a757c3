"""How far the nearest others are that a search has found. Compiled, without the lock."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def distances_to(points: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(N, D), (N, K) -> the Euclidean distance of each point to its K rows, by direct differences, (N, K) float64."""
    distances = np.empty(rows.shape)
    for own in range(len(rows)):
        point = points[own]
        for place in range(rows.shape[1]):
            other = points[rows[own, place]]
            total = 0.0
            for dimension in range(len(point)):
                # In float64, since neighbours that are nearly equal lose their digits in a product.
                difference = np.float64(point[dimension]) - np.float64(other[dimension])
                total += difference * difference
            distances[own, place] = np.sqrt(total)
    return distances
