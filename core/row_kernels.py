"""One row of the distance matrix after another: put in order once, then triplets counted in it at any margins.

A row goes into equal buckets by distance, and from there in order: time in proportion to its length, and exact, because
the mapping of a distance to its bucket is monotone. In the order, the number of negatives closer than any distance is
looked up: from where its bucket starts it is a few steps. One order serves every margin and the nearest neighbours.

Compiled, free of the interpreter's lock. All in one file, because the compiled code on disk is made anew only when the
file of the kernel itself changes. Refused: sorting by comparison (several times as long) and binned counts (wrong by
1e-4 of all triplets).
"""

import numpy as np
from numba import njit

_SEVERAL = 24  # values in one bucket, up to which they are put in order by insertion


@njit(cache=True, nogil=True)
def scan_rows(
    block: np.ndarray,
    start: int,
    begin: np.ndarray,
    end: np.ndarray,
    added: np.ndarray,
    counts: np.ndarray,
    nearest: np.ndarray,
    to_nearest: np.ndarray,
) -> None:
    """Anchors start, start + 1, ... with their distances (B, N) to all points in order of class.

    The class of anchor i is the columns begin[i] to end[i]. `counts` (M,) grows by the number of its triplets with
    d_an < d_ap + added, for each of the M ascending `added`. `nearest` (B, W) becomes the columns of its W nearest
    others and `to_nearest` their distances.
    """
    count = block.shape[1]
    buckets = 64
    while buckets < count:
        buckets *= 2
    starts = np.empty(buckets + 2, np.int32)
    places, columns = np.empty(count, np.int32), np.empty(count, np.int32)
    ascending = np.full(count + 8, np.inf, block.dtype)
    to_positive = np.empty(count, block.dtype)
    closer = np.empty(count, np.int32)  # closer[k]: negatives among the first k of the order
    for index in range(len(block)):
        first, last = begin[index], end[index]
        low, scale, widest = _order(block[index], start + index, places, starts, ascending, columns)
        for place in range(nearest.shape[1]):
            nearest[index, place], to_nearest[index, place] = columns[place], ascending[place]
        if 1 < last - first < count:
            size = 0
            for place in range(count - 1):
                closer[place] = place - size
                to_positive[size] = ascending[place]
                size += (columns[place] >= first) & (columns[place] < last)
            closer[count - 1] = count - 1 - size
            _count_closer(to_positive[:size], added, ascending, starts, closer, low, scale, widest, counts)


@njit(nogil=True, fastmath={"nnan", "nsz"})
def _span(values: np.ndarray, low: float, high: float) -> tuple[float, float]:
    for index in range(len(values)):
        value = values[index]
        low = value if value < low else low
        high = value if value > high else high
    return low, high


@njit(nogil=True)
def _bucket(value: float, low: float, scale: float, last: float) -> int:
    """0 up to `last`, never falling as the value rises; all values at or below `low` share bucket 0."""
    place = (value - low) * scale
    place = place if place > last * 0 else last * 0
    return np.int32(place if place < last else last)


@njit(nogil=True)
def _order(
    row: np.ndarray, own: int, places: np.ndarray, starts: np.ndarray, ascending: np.ndarray, columns: np.ndarray
) -> tuple[float, float, int]:
    """Put all of a row but its own column in order; starts[b] becomes the number of values in the buckets below b.

    Returns the lowest value, how many buckets a unit of distance spans (0 where all are equal), and the most values in
    one bucket.
    """
    kind, count = row.dtype.type, len(row)
    low, high = _span(row[own + 1 :], *_span(row[:own], kind(np.inf), kind(-np.inf)))
    last = kind(len(starts) - 3)
    scale = last / (high - low) if high > low else last * 0
    scale = scale if np.isfinite(scale) else last * 0
    for column in range(count):
        places[column] = _bucket(row[column], low, scale, last)
    starts[:] = 0
    for column in range(count):
        starts[places[column] + 2] += 1
    starts[places[own] + 2] -= 1
    widest = 0
    for bucket in range(2, len(starts)):
        widest = max(widest, starts[bucket])
        starts[bucket] += starts[bucket - 1]
    for side in ((0, own), (own + 1, count)):
        for column in range(side[0], side[1]):
            place = starts[places[column] + 1]
            starts[places[column] + 1] = place + 1
            ascending[place] = row[column]
            columns[place] = column
    if widest > _SEVERAL:
        for bucket in range(len(starts) - 2):
            here = slice(starts[bucket], starts[bucket + 1])
            if starts[bucket + 1] - starts[bucket] > _SEVERAL:
                order = np.argsort(ascending[here], kind="mergesort")
                ascending[here], columns[here] = ascending[here][order], columns[here][order]
    for place in range(1, count - 1):
        value, column, slot = ascending[place], columns[place], place
        while slot and ascending[slot - 1] > value:
            ascending[slot], columns[slot] = ascending[slot - 1], columns[slot - 1]
            slot -= 1
        ascending[slot], columns[slot] = value, column
    return low, scale, widest


@njit(nogil=True)
def _count_closer(
    to_positive: np.ndarray,
    added: np.ndarray,
    ascending: np.ndarray,
    starts: np.ndarray,
    closer: np.ndarray,
    low: float,
    scale: float,
    widest: int,
    counts: np.ndarray,
) -> None:
    """Add to counts[m] the number of (positive, negative) with negative < positive + added[m]."""
    negatives = closer[-1]
    lowest = ascending[np.searchsorted(closer, 1) - 1]
    highest = ascending[np.searchsorted(closer, negatives) - 1]
    some = all_of_them = len(to_positive)  # first positive with any and with every negative closer than its sum
    for step in range(len(added)):
        more = added[step]
        while some and to_positive[some - 1] + more > lowest:
            some -= 1
        while all_of_them and to_positive[all_of_them - 1] + more > highest:
            all_of_them -= 1
        counts[step] += (len(to_positive) - all_of_them) * np.int64(negatives)
        counts[step] += _sum_below(to_positive[some:all_of_them], more, ascending, starts, closer, low, scale, widest)


@njit(nogil=True)
def _sum_below(
    to_positive: np.ndarray,
    more: float,
    ascending: np.ndarray,
    starts: np.ndarray,
    closer: np.ndarray,
    low: float,
    scale: float,
    widest: int,
) -> int:
    """The sum over the positives of closer[number of values < positive + more]; `ascending` ends in 8 infinities.

    From where its bucket starts, a sum jumps ahead by 4, 2 and 1; further only where a bucket holds more than 7. The
    first way has no store and no branch, so that it runs 8 or 16 at a time.
    """
    last = ascending.dtype.type(len(starts) - 3)
    one, two, four = np.uint64(1), np.uint64(2), np.uint64(4)
    total = np.int64(0)
    if widest < 8:
        for index in range(len(to_positive)):
            limit = to_positive[index] + more
            place = np.uint64(np.uint32(starts[_bucket(limit, low, scale, last)]))
            place += four * np.uint64(ascending[place + four - one] < limit)
            place += two * np.uint64(ascending[place + one] < limit)
            place += np.uint64(ascending[place] < limit)
            total += np.int64(closer[place])
        return total
    for index in range(len(to_positive)):
        limit = to_positive[index] + more
        bucket = _bucket(limit, low, scale, last)
        total += closer[starts[bucket] + np.searchsorted(ascending[starts[bucket] : starts[bucket + 1]], limit)]
    return total
