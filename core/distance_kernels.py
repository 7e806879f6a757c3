"""Compiled steps of the distance matrix of a batch."""

from __future__ import annotations

import numpy as np
from numba import njit

# A square below this share of the points' own squares has lost too many digits in the product.
_CLOSE = 0.01


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def products_to_distances(points: np.ndarray, products: np.ndarray) -> None:
    """Turn the products (N, N) of points (N, D) into their Euclidean distances, in place and symmetric."""
    count, dimension = points.shape
    norms = np.empty(count, products.dtype)
    for row in range(count):
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
            some_close |= not square > close * both
            line[column] = np.sqrt(max(square, zero))
        if some_close:
            for column in range(count):
                both = own + norms[column]
                if not line[column] * line[column] > close * both:
                    total = zero
                    for axis in range(dimension):
                        difference = points[row, axis] - points[column, axis]
                        total += difference * difference
                    line[column] = np.sqrt(total)
