"""The rank of each query's nearest positive, all that Recall@K needs, without putting neighbours in order.

One pass finds the nearest positive and whatever may be as near; of those, float64 decides. Compiled, free of the
interpreter's lock. `_direct_distance` stands here and in ranking.py, because compiled code on disk does not
notice that a function of another file has changed.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def rank_firsts(
    block: np.ndarray,
    start: int,
    begin: np.ndarray,
    end: np.ndarray,
    depth: int,
    points: np.ndarray,
    rows: np.ndarray,
    errors: np.ndarray,
    ranks: np.ndarray,
) -> None:
    """Queries start, start + 1, ... with their squared distances (B, N) -> the rank of the nearest positive (B,).

    0 where it is beyond `depth`, -1 where there is none; the rest as in `ranking.score_rows`.
    """
    exact = block.itemsize == 8
    slack = 2.0**-49 if exact else 2.0**-20  # eight roundings, of the distance itself and of its root
    columns = np.empty(block.shape[1], np.int32)
    for index in range(len(block)):
        row, own, first, last = block[index], start + index, begin[index], end[index]
        ranks[index] = -1
        nearest = np.inf
        # Points are in order of class, so a query's positives are the columns from `first` to `last`.
        for column in range(first, last):
            if row[column] < nearest and column != own:
                nearest = np.float64(row[column])
        if last - first < 2:
            continue
        doubt = 2 * errors[index] + 2 * slack * nearest
        size, closer = 0, 0
        for left in range(0, len(row), 128):
            some = row[left : left + 128]
            if not _has_any(some, nearest + doubt):
                continue
            for offset in range(len(some)):
                column, value = left + offset, some[offset]
                if value <= nearest + doubt and column != own:
                    columns[size] = column
                    size += 1
                    closer += value < nearest - doubt
            if closer >= depth:
                break
        rank = 0 if closer >= depth else _rank_of_first(row, columns[:size], own, first, last, points, rows, exact)
        ranks[index] = rank if rank <= depth else 0


@njit(nogil=True)
def _has_any(values: np.ndarray, limit: float) -> bool:
    found = np.int32(0)
    for index in range(len(values)):
        found = np.int32(found + np.int32(values[index] <= limit))  # 32 bits wide, so that 16 run at a time
    return bool(found > 0)


@njit(nogil=True)
def _rank_of_first(
    row: np.ndarray,
    columns: np.ndarray,
    own: int,
    begin: int,
    end: int,
    points: np.ndarray,
    rows: np.ndarray,
    exact: bool,
) -> int:
    """The rank, by (exact distance, row), of the nearest positive among these columns."""
    distances = np.empty(len(columns))
    best, best_row = np.inf, np.int64(0)
    for index in range(len(columns)):
        column = columns[index]
        distance = np.sqrt(np.float64(row[column])) if exact else _direct_distance(points[own], points[column])
        distances[index] = distance
        if begin <= column < end and (distance < best or (distance == best and rows[column] < best_row)):
            best, best_row = distance, rows[column]
    rank = 1
    for index in range(len(columns)):
        rank += distances[index] < best or (distances[index] == best and rows[columns[index]] < best_row)
    return rank


@njit(nogil=True)
def _direct_distance(point: np.ndarray, other: np.ndarray) -> float:
    total = 0.0
    for dimension in range(len(point)):
        difference = np.float64(other[dimension]) - np.float64(point[dimension])
        total += difference * difference
    return np.sqrt(total)
