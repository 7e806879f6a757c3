"""The distances of all pairs, put into two lists by whether their points are of one class, and compared; compiled."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def split_pairs(
    block: np.ndarray,
    labels: np.ndarray,
    positive: np.ndarray,
    negative: np.ndarray,
    positive_end: int,
    negative_end: int,
) -> tuple[int, int]:
    """Append the distances (B, N) of the first B points, with labels (N,), to all later ones."""
    for row in range(len(block)):
        for other in range(row + 1, len(labels)):
            # Written to both lists, and kept in one: a branch on the class would be guessed wrongly half the time.
            distance = block[row, other]
            same = labels[other] == labels[row]
            positive[positive_end] = distance
            negative[negative_end] = distance
            positive_end += same
            negative_end += not same
    return positive_end, negative_end


@njit(cache=True, nogil=True)
def count_couples(positive: np.ndarray, negative: np.ndarray) -> tuple[int, int]:
    """The number of (positive, negative) with negative < positive, and with negative <= positive."""
    closer, not_further, below, up_to = 0, 0, 0, 0
    for index in range(len(positive)):
        # Both ascend, so either pointer only moves on: one walk over both lists.
        while below < len(negative) and negative[below] < positive[index]:
            below += 1
        up_to = max(up_to, below)
        while up_to < len(negative) and negative[up_to] <= positive[index]:
            up_to += 1
        closer += below
        not_further += up_to
    return closer, not_further
