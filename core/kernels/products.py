"""Inner products turned into distances in place; compiled, free of the interpreter's lock."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def to_distances(products: np.ndarray, own: np.ndarray, norms: np.ndarray, rooted: bool) -> None:
    """Turn inner products (B, N) into distances, in place."""
    for index in range(len(products)):
        row, here = products[index], own[index]
        for other in range(len(row)):
            square = here + norms[other] - 2.0 * row[other]
            # A point and its copy may come out a little below 0.
            square = square if square > 0.0 else 0.0
            row[other] = np.sqrt(square) if rooted else square


@njit(cache=True, nogil=True)
def put_squares(products: np.ndarray, own: np.ndarray, norms: np.ndarray, left: int, squares: np.ndarray) -> None:
    """-2 times inner products (B, W) float32 with squared lengths (B,) and (W,) -> squared distances, into the columns
    of `squares` (B, N) from the left one on."""
    zero = np.float32(0)
    for index in range(len(products)):
        row, found, here = products[index], squares[index, left : left + products.shape[1]], own[index]
        for other in range(len(row)):
            square = here + norms[other] + row[other]
            found[other] = square if square > zero else zero


@njit(cache=True, nogil=True)
def to_squares(products: np.ndarray, own: np.ndarray, norms: np.ndarray) -> None:
    """Turn inner products (B, N) float32 into squared distances, in place."""
    two, zero = np.float32(2), np.float32(0)
    for index in range(len(products)):
        row, here = products[index], own[index]
        for other in range(len(row)):
            square = here + norms[other] - two * row[other]
            row[other] = square if square > zero else zero
