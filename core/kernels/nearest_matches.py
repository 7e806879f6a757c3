"""The nearest neighbours of a point from float32 products, put in order by the distances themselves; compiled."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def match_nearest(
    squares: np.ndarray,
    first: int,
    numbers: np.ndarray,
    places: np.ndarray,
    limits: np.ndarray,
    points: np.ndarray,
    rooted: bool,
    is_match: np.ndarray,
) -> None:
    """Squares (B, N) float32 of the distances of the points first, first + 1, ..., numbers of all points' classes (N,)
    -> whether each of the others up to a limit (B,) is of the own class, nearest first, (B, N), of which so many are
    filled.

    The order is that of the distances of the points (N, D) as core/statistics/distance_blocks.py has them, squares
    unless `rooted`; equal ones are in that of their `places` (N,).
    """
    columns = np.empty(squares.shape[1], np.int32)
    for index in range(len(squares)):
        own = first + index
        # The limit allows for what products are off, so that no true neighbour is missing here.
        size = _within(squares[index], limits[index], own, columns)
        near = columns[:size][np.argsort(places[columns[:size]])]
        distances = np.empty(size)
        for place in range(size):
            distances[place] = _distance(points, own, near[place], rooted)
        # A stable sort: ties keep the order of their places.
        for place, nearest in enumerate(np.argsort(distances, kind="mergesort")):
            is_match[index, place] = numbers[near[nearest]] == numbers[own]


@njit(nogil=True)
def _within(row: np.ndarray, limit: np.float32, own: int, columns: np.ndarray) -> int:
    """The columns up to a limit, of which there are few; how many they are."""
    size = 0
    for left in range(0, len(row), 64):
        some = row[left : left + 64]
        found = np.int32(0)
        for place in range(len(some)):
            # 64 columns without a branch; most such runs have nobody near and are passed over.
            found |= np.int32(some[place] <= limit)
        if found:
            for place in range(len(some)):
                if some[place] <= limit and left + place != own:
                    columns[size] = left + place
                    size += 1
    return size


@njit(nogil=True)
def _distance(points: np.ndarray, row: int, column: int, rooted: bool) -> float:
    """As core/kernels/direct_differences.py adds it up."""
    total = 0.0
    for dimension in range(points.shape[1]):
        difference = np.float64(points[column, dimension]) - np.float64(points[row, dimension])
        total += difference * difference
    return np.sqrt(total) if rooted else total
