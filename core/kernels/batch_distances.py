"""Compiled steps of the distance matrix of a batch."""

from __future__ import annotations

import numpy as np
from numba import njit

# A square below this share of the points' own squares has lost too many digits in the product.
_CLOSE = 0.01


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def products_to_distances(points: np.ndarray, products: np.ndarray) -> np.ndarray:
    """Turn the products (N, N) of points (N, D) into their Euclidean distances, in place and symmetric; whether each
    point is that close to another one, (N,)."""
    count, dimension = points.shape
    has_close = np.zeros(count, np.bool_)
    norms = np.empty(count, products.dtype)
    for row in range(count):
        # The square of a point's length stands on the diagonal: no walk over the dimensions.
        norms[row] = products[row, row]
    zero, two = products.dtype.type(0), products.dtype.type(2)
    close = products.dtype.type(_CLOSE)
    for row in range(count):
        own = norms[row]
        line = products[row]
        some_close = False
        for column in range(count):
            both = own + norms[column]
            square = both - two * line[column]
            # `not >` rather than `<=`, so that a NaN counts as close and is made again.
            some_close |= not square > close * both
            line[column] = np.sqrt(max(square, zero))
        if some_close:
            for column in range(count):
                both = own + norms[column]
                if not line[column] * line[column] > close * both:
                    total = zero
                    # Differences of the points keep the digits that the product has lost: O(D), for few pairs.
                    for axis in range(dimension):
                        difference = points[row, axis] - points[column, axis]
                        total += difference * difference
                    line[column] = np.sqrt(total)
                    has_close[row] |= column != row
    return has_close


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def pull_close_pairs(
    points: np.ndarray,
    start: int,
    distances: np.ndarray,
    pull: np.ndarray,
    has_close: np.ndarray,
    norms: np.ndarray,
) -> np.ndarray:
    """What pairs of points (N, D) that are close beside their `norms` (N,) add to the gradient (N, D); their pull
    becomes 0.

    `distances` and `pull` (B, N) are of the points start, start + 1, ...; a pair adds pull * (x_i - x_j) to the one and
    takes it from the other. In a matrix product such differences of large numbers would keep few digits.
    """
    count, dimension = points.shape
    zero, close = points.dtype.type(0), points.dtype.type(_CLOSE)
    total, own_total = np.zeros((count, dimension), points.dtype), np.empty(dimension, points.dtype)
    for index in range(len(pull)):
        own, line, weights = start + index, distances[index], pull[index]
        # Most points have no close neighbour, and their rows are not even read.
        if not has_close[own]:
            continue
        own_point, own_norm = points[own], norms[own]
        own_total[:] = zero
        for column in range(count):
            weight = weights[column]
            if weight != zero and not line[column] * line[column] > close * (own_norm + norms[column]):
                other_point, other_total = points[column], total[column]
                for axis in range(dimension):
                    along = weight * (own_point[axis] - other_point[axis])
                    # What pulls one point pulls the other the opposite way.
                    own_total[axis] += along
                    other_total[axis] -= along
                # Counted here, so the matrix product that follows must not count it again.
                weights[column] = zero
        for axis in range(dimension):
            total[own, axis] += own_total[axis]
    return total
