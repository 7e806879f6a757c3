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

    Columns number the points in order of class; `points` (N, D) and `rows` (N,), which orders ties, are in that order,
    and the class of query i is the columns begin[i] to end[i]. Scores are what `_score` returns, with the rank
    of the nearest positive up to `depth` at least, or -1 three times where the W do not settle it. `errors` (B,) bounds
    what a squared distance may be off; distances in float64 are exact.
    """
    width = nearest.shape[1]
    squares, is_match, is_doubtful = np.empty(width), np.empty(width, np.bool_), np.empty(width, np.bool_)
    distances = np.empty(width)
    for index in range(len(nearest)):
        first, last, columns, values = begin[index], end[index], nearest[index], to_nearest[index]
        scores[index] = -1.0
        if last - first < 2:
            continue
        exact, error, wanted = values.itemsize == 8, errors[index], min(max(depth, last - first - 1), len(rows) - 1)
        for place in range(width):
            is_match[place] = (columns[place] >= first) & (columns[place] < last)
            value = np.float64(values[place])
            squares[place] = value * abs(value) if rooted else value
        stop = wanted
        while stop < width and _is_close(squares, stop, error, exact):
            stop += 1
        if stop == width < len(rows) - 1:
            continue
        is_doubtful[0] = False
        for place in range(1, stop):
            is_doubtful[place] = (is_match[place] != is_match[place - 1]) & _is_close(squares, place, error, exact)
        settled = 0
        for place in range(stop):
            if is_doubtful[place] and place >= settled:
                run = slice(*_run_around(place, stop, squares, error, exact))
                own = points[start + index]
                _arrange_exactly(values[run], columns[run], own, points, rows, rooted, exact, distances[run])
                for other in range(run.start, run.stop):
                    is_match[other] = (columns[other] >= first) & (columns[other] < last)
                settled = run.stop
        scores[index, 0], scores[index, 1], scores[index, 2] = _score(is_match[:wanted], last - first - 1)


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
        precisions += is_match[place] * (so_far[place] / (place + 1))
    return rank_of_first, found / relevant, precisions / relevant


@njit(nogil=True)
def _run_around(place: int, stop: int, squares: np.ndarray, error: float, exact: bool) -> tuple[int, int]:
    """The first and the end of those, before `stop`, that each may stand the wrong way round with its neighbour."""
    first, last = place - 1, place + 1
    while first and _is_close(squares, first, error, exact):
        first -= 1
    while last < stop and _is_close(squares, last, error, exact):
        last += 1
    return first, last


@njit(nogil=True)
def _arrange_exactly(
    values: np.ndarray,
    columns: np.ndarray,
    own: np.ndarray,
    points: np.ndarray,
    rows: np.ndarray,
    rooted: bool,
    exact: bool,
    distances: np.ndarray,
) -> None:
    """Bring a few neighbours of a point into the order of (exact distance, row); `distances` is room for as many."""
    if exact:
        for index in range(len(values)):
            distances[index] = values[index] if rooted else np.sqrt(values[index])
        _arrange(distances, columns, rows)
        return
    for index in range(len(values)):
        distances[index] = _squared_distance(own, points[columns[index]])
    _arrange(distances, columns, rows)
    unsafe = (len(own) + 8) * 2.0**-50  # share of a sum of squares that the order of adding up may change, and more
    for index in range(1, len(values)):
        if distances[index] - distances[index - 1] <= unsafe * distances[index]:
            for place in range(len(values)):
                distances[place] = _direct_distance(own, points[columns[place]])
            _arrange(distances, columns, rows)
            return


@njit(nogil=True)
def _is_close(squares: np.ndarray, place: int, error: float, exact: bool) -> bool:
    """Whether this distance and the one before it may stand the wrong way round."""
    return squares[place] - squares[place - 1] <= 2 * error + _slack(exact) * abs(squares[place])


@njit(nogil=True)
def _slack(exact: bool) -> float:
    """Eight roundings, of a distance itself and of its root, as a share of its square."""
    return 2.0**-49 if exact else 2.0**-20


@njit(nogil=True, fastmath={"reassoc", "contract"})
def _squared_distance(point: np.ndarray, other: np.ndarray) -> float:
    """Added up in any order, so several at a time."""
    total = 0.0
    for dimension in range(len(point)):
        difference = np.float64(other[dimension]) - np.float64(point[dimension])
        total += difference * difference
    return total


@njit(nogil=True)
def _direct_distance(point: np.ndarray, other: np.ndarray) -> float:
    total = 0.0
    for dimension in range(len(point)):
        difference = np.float64(other[dimension]) - np.float64(point[dimension])
        total += difference * difference
    return np.sqrt(total)


@njit(nogil=True)
def _arrange(distances: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> None:
    """Put both in the order of (distance, row)."""
    if len(columns) > _SEVERAL:
        by_row = np.argsort(rows[columns])
        in_order = by_row[np.argsort(distances[by_row], kind="mergesort")]
        columns[:] = columns[in_order]
        distances[:] = distances[in_order]
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
