"""Neighbours put in their exact order, and the scores of that order.

Of neighbours found by float32 distances, two may stand the wrong way round. Those closer together than the error of
their distances are compared again by direct differences in float64; that can only matter where the query's own class
stands among others. Compiled, free of the interpreter's lock.
"""

import numpy as np
from numba import njit

_SEVERAL = 24  # neighbours in one run, up to which they are put in order by insertion


@njit(cache=True, nogil=True)
def rank_rows(
    nearest: np.ndarray,
    to_nearest: np.ndarray,
    start: int,
    begin: np.ndarray,
    end: np.ndarray,
    depth: int,
    points: np.ndarray,
    rows: np.ndarray,
    errors: np.ndarray,
    rooted: bool,
    scores: np.ndarray,
) -> None:
    """Queries start, start + 1, ... with the columns (B, W) of their nearest others and the distances -> scores (B, 3).

    Columns number the points in order of class; `points` (N, D) float64 and `rows` (N,), which orders ties, are in that
    order, and the class of query i is the columns begin[i] to end[i]. Scores are what `_score` returns, with the rank
    of the nearest positive up to `depth` at least, or -1 three times where the W do not settle it. `errors` (B,) bounds
    what a squared distance may be off; distances in float64 are exact.
    """
    squares, is_match = np.empty(nearest.shape[1]), np.empty(nearest.shape[1], np.bool_)
    for index in range(len(nearest)):
        first, last, columns = begin[index], end[index], nearest[index]
        scores[index] = -1.0
        if last - first < 2:
            continue
        for place in range(len(columns)):
            is_match[place] = (columns[place] >= first) & (columns[place] < last)
            value = np.float64(to_nearest[index, place])
            squares[place] = value * abs(value) if rooted else value
        exact, own = to_nearest.itemsize == 8, start + index
        wanted = min(max(depth, last - first - 1), len(rows) - 1)
        values = to_nearest[index]
        if _settle(values, squares, columns, is_match, wanted, own, points, rows, errors[index], rooted, exact):
            for place in range(wanted):
                is_match[place] = (columns[place] >= first) & (columns[place] < last)
            scores[index, 0], scores[index, 1], scores[index, 2] = _score(is_match[:wanted], last - first - 1)


@njit(nogil=True)
def _score(is_match: np.ndarray, relevant: int) -> tuple[float, float, float]:
    """Whether each neighbour is of the query's class -> rank of the first that is (0 if none), R-precision, MAP@R."""
    rank_of_first, found, precisions = 0.0, 0, 0.0
    for place in range(len(is_match)):
        if is_match[place]:
            rank_of_first = place + 1.0
            break
    for place in range(relevant):  # without a branch on what is as good as random
        found += is_match[place]
        precisions += is_match[place] * (found / (place + 1))
    return rank_of_first, found / relevant, precisions / relevant


@njit(nogil=True)
def _settle(
    values: np.ndarray,
    squares: np.ndarray,
    columns: np.ndarray,
    is_match: np.ndarray,
    wanted: int,
    own: int,
    points: np.ndarray,
    rows: np.ndarray,
    error: float,
    rooted: bool,
    exact: bool,
) -> bool:
    """Bring the first `wanted` neighbours into the order of (exact distance, row), as far as the classes can tell."""
    stop = wanted
    while stop < len(columns) and _is_close(squares, stop, error, exact):
        stop += 1
    if stop == len(columns) < len(rows) - 1:
        return False
    place = 1
    while place < stop:
        if not ((is_match[place] != is_match[place - 1]) & _is_close(squares, place, error, exact)):
            place += 1
            continue
        first, last = place - 1, place + 1
        while first and _is_close(squares, first, error, exact):
            first -= 1
        while last < stop and _is_close(squares, last, error, exact):
            last += 1
        run = np.empty(last - first)
        for index in range(len(run)):
            value = np.float64(values[first + index])
            exactly = value if rooted else np.sqrt(value)
            run[index] = exactly if exact else _direct_distance(points[own], points[columns[first + index]])
        _arrange(run, columns[first:last], rows)
        place = last
    return True


@njit(nogil=True)
def _is_close(squares: np.ndarray, place: int, error: float, exact: bool) -> bool:
    """Whether this distance and the one before it may stand the wrong way round."""
    return squares[place] - squares[place - 1] <= 2 * error + _slack(exact) * abs(squares[place])


@njit(nogil=True)
def _slack(exact: bool) -> float:
    """Eight roundings, of a distance itself and of its root, as a share of its square."""
    return 2.0**-49 if exact else 2.0**-20


@njit(nogil=True)
def _direct_distance(point: np.ndarray, other: np.ndarray) -> float:
    total = 0.0
    for dimension in range(len(point)):
        difference = other[dimension] - point[dimension]
        total += difference * difference
    return np.sqrt(total)


@njit(nogil=True)
def _arrange(distances: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> None:
    """Put columns in the order of (distance, row)."""
    if len(columns) > _SEVERAL:
        by_row = np.argsort(rows[columns])
        columns[:] = columns[by_row][np.argsort(distances[by_row], kind="mergesort")]
        return
    for index in range(1, len(columns)):
        distance, column, slot = distances[index], columns[index], index
        while slot and (
            distances[slot - 1] > distance
            or (distances[slot - 1] == distance and rows[columns[slot - 1]] > rows[column])
        ):
            distances[slot], columns[slot] = distances[slot - 1], columns[slot - 1]
            slot -= 1
        distances[slot], columns[slot] = distance, column
