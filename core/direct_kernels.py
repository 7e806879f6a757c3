"""Squared Euclidean distances from direct differences, several at a time: compiled, free of the interpreter's lock."""

import numpy as np
from numba import njit

_COLUMNS = 512  # whose sums stay in the nearest cache while the dimensions go by


@njit(cache=True, nogil=True)
def direct_squares(columns: np.ndarray, rows: np.ndarray, first: int, out: np.ndarray) -> None:
    """(D, N) float64, rows (B,) -> out (B, N - first) becomes their squares to the points from `first` on.

    Every sum runs over the dimensions in order, so that a distance depends on its two points alone.
    """
    dimensions, count = columns.shape
    whole = dimensions - dimensions % 4
    for left in range(first, count, _COLUMNS):
        right = min(left + _COLUMNS, count)
        for index in range(len(rows)):
            row, sums = rows[index], out[index, left - first : right - first]
            sums[:] = 0.0
            for dimension in range(0, whole, 4):  # four at once: fewer sums are read and written
                one, two = columns[dimension, left:right], columns[dimension + 1, left:right]
                three, four = columns[dimension + 2, left:right], columns[dimension + 3, left:right]
                from_one, from_two = columns[dimension, row], columns[dimension + 1, row]
                from_three, from_four = columns[dimension + 2, row], columns[dimension + 3, row]
                for other in range(right - left):
                    difference = one[other] - from_one
                    total = sums[other] + difference * difference
                    difference = two[other] - from_two
                    total += difference * difference
                    difference = three[other] - from_three
                    total += difference * difference
                    difference = four[other] - from_four
                    sums[other] = total + difference * difference
            for dimension in range(whole, dimensions):
                values = columns[dimension, left:right]
                here = columns[dimension, row]
                for other in range(right - left):
                    difference = values[other] - here
                    sums[other] += difference * difference
