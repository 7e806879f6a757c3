"""Squared Euclidean distances from direct differences, several at a time: compiled, free of the interpreter's lock."""

import numpy as np
from numba import njit

_COLUMNS = 512  # whose sums stay in the nearest cache while the dimensions go by


@njit(cache=True, nogil=True)
def direct_squares(columns: np.ndarray, rows: np.ndarray, first: int, out: np.ndarray) -> None:
    """(D, N) float64, rows (B,) -> out (B, W) becomes their squares to W points from `first` on.

    Every sum runs over the dimensions in order, so that a distance depends on its two points alone.
    """
    count, spare = first + out.shape[1], np.empty(_COLUMNS)
    for left in range(first, count, _COLUMNS):
        right = min(left + _COLUMNS, count)
        for index in range(0, len(rows), 2):
            other = min(index + 1, len(rows) - 1)
            sums = out[index, left - first : right - first]
            others = out[other, left - first : right - first] if other > index else spare[: right - left]
            _two_rows(columns, left, right, rows[index], rows[other], sums, others)


@njit(nogil=True)
def _two_rows(
    columns: np.ndarray, left: int, right: int, row: int, other: int, sums: np.ndarray, others: np.ndarray
) -> None:
    """The squares of two points to those from left to before right (W,): two at once, so that columns are read half as
    often, and four dimensions, so that sums are."""
    dimensions = len(columns)
    whole = dimensions - dimensions % 4
    sums[:] = 0.0
    others[:] = 0.0
    for dimension in range(0, whole, 4):
        one, two = columns[dimension, left:right], columns[dimension + 1, left:right]
        three, four = columns[dimension + 2, left:right], columns[dimension + 3, left:right]
        here_one, here_two = columns[dimension, row], columns[dimension + 1, row]
        here_three, here_four = columns[dimension + 2, row], columns[dimension + 3, row]
        there_one, there_two = columns[dimension, other], columns[dimension + 1, other]
        there_three, there_four = columns[dimension + 2, other], columns[dimension + 3, other]
        for place in range(right - left):
            first, second, third, fourth = one[place], two[place], three[place], four[place]
            # One after the other, as a plain loop adds them: the same bits for every way of cutting blocks.
            total = sums[place] + (first - here_one) ** 2
            total += (second - here_two) ** 2
            total += (third - here_three) ** 2
            sums[place] = total + (fourth - here_four) ** 2
            total = others[place] + (first - there_one) ** 2
            total += (second - there_two) ** 2
            total += (third - there_three) ** 2
            others[place] = total + (fourth - there_four) ** 2
    for dimension in range(whole, dimensions):
        values = columns[dimension, left:right]
        for place in range(right - left):
            sums[place] += (values[place] - columns[dimension, row]) ** 2
            others[place] += (values[place] - columns[dimension, other]) ** 2
