"""The scores of a query from the order of its neighbours. Compiled, free of the interpreter's lock."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def score_rows(is_match: np.ndarray, wanted: np.ndarray, relevant: np.ndarray, scores: np.ndarray) -> None:
    """Whether each neighbour of B queries, nearest first (B, N), is of the query's class -> scores (B, 3) as `_score`
    returns them, with the rank of the first among the `wanted` (B,) nearest; queries without another of their class,
    `relevant` (B,), keep theirs."""
    for index in range(len(is_match)):
        if relevant[index]:
            scores[index, 0], scores[index, 1], scores[index, 2] = _score(
                is_match[index, : wanted[index]], relevant[index]
            )


@njit(nogil=True, fastmath={"reassoc"})
def _score(is_match: np.ndarray, relevant: int) -> tuple[float, float, float]:
    """Whether each neighbour is of the query's class -> rank of the first that is (0 if none), R-precision, MAP@R."""
    rank_of_first = 0.0
    for place in range(len(is_match)):
        if is_match[place]:
            rank_of_first = place + 1.0
            break
    found, so_far = 0, np.empty(relevant)
    for place in range(relevant):
        found += is_match[place]
        so_far[place] = found
    precisions = 0.0
    for place in range(relevant):  # without a branch on what is as good as random
        # The precision at each of the R places where a match stands (Musgrave et al. 2020).
        precisions += is_match[place] * (so_far[place] / (place + 1))
    return rank_of_first, found / relevant, precisions / relevant
