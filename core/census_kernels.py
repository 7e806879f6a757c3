"""The counting under the triplet census: compiled, exact, free of the interpreter's lock.

A block (B, N) holds the distances of B anchors to all points in order of class: anchor i is column own[i], its class
the columns begin[i] to end[i]. At one margin the positives of an anchor go into a table of equal buckets; a negative
finds its bucket, adds the number of positives in the buckets above, and is compared with those in its own. For many
margins it is the other way round: the sorted negatives have a table of where each bucket starts, and each
positive + margin finds its place from there. Buckets only narrow: the mapping of a distance to its bucket is monotone,
so of two distances the one in the higher bucket is larger, and those in one bucket are compared themselves.

Refused: sorting at one margin (several times the distance matrix) and binned counts (wrong by 1e-4 of all triplets).
Loops run over indices, and the hot ones store nothing, because only then does the compiler run 8 or 16 at a time.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def count_at_margin(
    block: np.ndarray, own: np.ndarray, begin: np.ndarray, end: np.ndarray, margin: float, buckets: int
) -> np.ndarray:
    """The numbers of triplets with d_an < d_ap and with d_an < d_ap + margin, (2,)."""
    kind = block.dtype.type
    nowhere = kind(-np.inf)
    values = np.empty(block.shape[1], block.dtype)
    crowded = np.empty(block.shape[1], block.dtype)
    first = np.empty(buckets, block.dtype)
    second = np.empty(buckets, block.dtype)
    above = np.empty(buckets, np.int32)
    counts = np.zeros(2, np.int64)
    for index in range(len(block)):
        row = block[index]
        size = 0
        for column in range(begin[index], end[index]):
            values[size] = row[column]
            size += column != own[index]
        for threshold in range(2 if size else 0):
            if threshold == 1:
                for place in range(size):
                    values[place] += margin
            low, scale = _grid(values[:size], kind(buckets - 1))
            first[:] = nowhere
            second[:] = nowhere
            rest = _fill_table(values[:size], low, scale, above, first, second, crowded)
            for negatives in (row[: begin[index]], row[end[index] :]):
                counts[threshold] += _count_larger(negatives, low, scale, above, first, second, crowded[:rest])
    return counts


@njit(cache=True, nogil=True)
def _grid(values: np.ndarray, last: float) -> tuple[float, float]:
    """The lowest value, and how many buckets a unit of distance spans; 0 where all values are equal."""
    low = values.min()
    scale = last / (values.max() - low) if values.max() > low else last * 0
    return low, scale if np.isfinite(scale) else last * 0


@njit(cache=True, nogil=True)
def _bucket(value: float, low: float, scale: float, last: float) -> np.uint32:
    """0 up to `last`, never falling as the value rises; all values at or below `low` share bucket 0."""
    place = (value - low) * scale
    place = place if place > last * 0 else last * 0
    return np.uint32(np.int32(place if place < last else last))


@njit(cache=True, nogil=True)
def _fill_table(
    values: np.ndarray,
    low: float,
    scale: float,
    above: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    crowded: np.ndarray,
) -> int:
    """Two values to a bucket and the number of values in the buckets above; the number that went to `crowded`."""
    last = values.dtype.type(len(above) - 1)
    above[:] = 0
    rest = 0
    for value in values:
        bucket = _bucket(value, low, scale, last)
        if first[bucket] == -np.inf:
            first[bucket] = value
        elif second[bucket] == -np.inf:
            second[bucket] = value
        else:
            crowded[rest] = value
            rest += 1
            continue
        above[bucket] += 1
    running = 0
    for bucket in range(len(above) - 1, -1, -1):
        here = above[bucket]
        above[bucket] = running
        running += here
    return rest


@njit(cache=True, nogil=True)
def _count_larger(
    queries: np.ndarray,
    low: float,
    scale: float,
    above: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    crowded: np.ndarray,
) -> np.int64:
    """The number of (query, value) with value > query, over the table and the values that found no place in it."""
    last = queries.dtype.type(len(above) - 1)
    total = np.int64(0)
    for index in range(len(queries)):
        query = queries[index]
        bucket = _bucket(query, low, scale, last)
        total += np.int64(above[bucket]) + np.int64(first[bucket] > query) + np.int64(second[bucket] > query)
    for place in range(len(crowded)):
        value = crowded[place]
        larger = np.int32(0)
        for index in range(len(queries)):
            larger = np.int32(larger + np.int32(value > queries[index]))  # 32 bits wide, so that 16 run at a time
        total += np.int64(larger)
    return total


@njit(cache=True, nogil=True)
def count_at_margins(
    block: np.ndarray,
    negatives: np.ndarray,
    own: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
    added: np.ndarray,
    buckets: int,
) -> np.ndarray:
    """For each added margin the number of (positive, negative) with negative < positive + added, (M,)."""
    count = block.shape[1]
    counts = np.zeros(len(added), np.int64)
    starts = np.empty(buckets + 1, np.int32)
    padded = np.full(count + 8, np.inf, block.dtype)
    to_positive = np.empty(count, block.dtype)
    for index in range(len(block)):
        size = 0
        for column in range(begin[index], end[index]):
            to_positive[size] = block[index, column]
            size += column != own[index]
        negative_count = count - (end[index] - begin[index])
        if size == 0 or negative_count == 0:
            continue
        padded[:count] = negatives[index]
        low, scale = _grid(padded[:negative_count], block.dtype.type(buckets - 1))
        widest = _find_starts(padded[:negative_count], low, scale, starts)
        for step in range(len(added)):
            thresholds = to_positive[:size] + added[step]
            if thresholds.min() > padded[negative_count - 1]:  # and so from this margin on
                counts[step:] += size * negative_count
                break
            counts[step] += _count_below(thresholds, padded, starts, widest, low, scale)
    return counts


@njit(cache=True, nogil=True)
def _find_starts(ascending: np.ndarray, low: float, scale: float, starts: np.ndarray) -> int:
    """starts[b] becomes the number of values in the buckets below b; the largest number in one bucket."""
    last = ascending.dtype.type(len(starts) - 2)
    starts[:] = 0
    for index in range(len(ascending)):
        starts[_bucket(ascending[index], low, scale, last) + 1] += 1
    widest = starts.max()
    for bucket in range(1, len(starts)):
        starts[bucket] += starts[bucket - 1]
    return widest


@njit(cache=True, nogil=True)
def _count_below(
    thresholds: np.ndarray, ascending: np.ndarray, starts: np.ndarray, widest: int, low: float, scale: float
) -> np.int64:
    """The number of (threshold, value) with value < threshold; `ascending` ends in at least 8 infinities.

    From where its bucket starts, a threshold jumps ahead by 4, 2 and 1; further only where a bucket holds more than 7.
    The first way has no store and no branch, so that it runs 8 or 16 at a time.
    """
    last = thresholds.dtype.type(len(starts) - 2)
    one, two, four = np.uint64(1), np.uint64(2), np.uint64(4)
    total = np.int64(0)
    if widest < 8:
        for index in range(len(thresholds)):
            threshold = thresholds[index]
            place = np.uint64(starts[_bucket(threshold, low, scale, last)])
            place += four * np.uint64(ascending[place + four - one] < threshold)
            place += two * np.uint64(ascending[place + one] < threshold)
            place += np.uint64(ascending[place] < threshold)
            total += np.int64(place)
        return total
    for index in range(len(thresholds)):
        bucket = _bucket(thresholds[index], low, scale, last)
        left, right = np.int64(starts[bucket]), np.int64(starts[bucket + 1])
        while left < right:
            middle = (left + right) // 2
            if ascending[middle] < thresholds[index]:
                left = middle + 1
            else:
                right = middle
        total += left
    return total
