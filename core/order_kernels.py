"""The others of a point in the order of their distances, and where products leave that order open.

Sorting by buckets: the bits of floating-point numbers, read as whole numbers, order as the numbers do, so that their
leading bits number buckets of about one distance each, also where distances spread over many powers of ten. Columns are
filled in as they come, and equal distances stay in that order. Compiled, free of the interpreter's lock.
"""

import numpy as np
from numba import njit

_SEVERAL = 24  # distances in one bucket, up to which they are put in order by insertion


@njit(cache=True, nogil=True)
def order_rows(
    distances: np.ndarray,
    own: np.ndarray,
    numbers: np.ndarray,
    most: int,
    values: np.ndarray,
    is_match: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Distances (B, N) of the points `own` (B,), numbers of all points' classes (N,) -> the distances of the others,
    ascending, and whether each is of the own class, (B, N) of which `sizes` (B,) are filled: `most` at least, or all.
    """
    count = distances.shape[1]
    known = np.empty(count)
    bits = known.view(np.int64)
    places, starts = np.empty(count, np.int32), np.empty(2 * count + 2, np.int32)
    for index in range(len(distances)):
        row, itself, number = distances[index], own[index], numbers[own[index]]
        base = 0.0
        for column in range(count):
            base = min(base, row[column])
        for column in range(count):
            known[column] = row[column] - base + 0.0  # from 0 up, and of -0.0 and 0.0 the bits differ
        bits[itself] = bits[1 if itself == 0 else 0]
        low, high = bits[0], bits[0]
        for column in range(count):
            low, high = min(low, bits[column]), max(high, bits[column])
        shift = np.int64(0)
        while (high - low) >> shift > 2 * count - 1:
            shift += 1
        for column in range(count):
            places[column] = np.int32((bits[column] - low) >> shift)
        starts[:] = 0
        for column in range(count):
            starts[places[column] + 1] += 1
        starts[places[itself] + 1] -= 1
        running, last, widest = np.int32(0), 0, np.int32(0)
        while last < 2 * count and (running < most or last == 0):
            widest = max(widest, starts[last + 1])
            running += starts[last + 1]
            starts[last + 1] = running
            last += 1
        sizes[index] = running
        ascending, matches = values[index], is_match[index]
        for column in range(count):
            if places[column] < last and column != itself:
                place = starts[places[column]]
                starts[places[column]] = place + 1
                ascending[place] = row[column]
                matches[place] = numbers[column] == number
        if widest > _SEVERAL:
            _order_crowded(ascending, matches, starts, last)
        _insert(ascending[:running], matches)


@njit(cache=True, nogil=True)
def split_kinds(
    values: np.ndarray, is_match: np.ndarray, sizes: np.ndarray, positives: np.ndarray, negatives: np.ndarray
) -> None:
    """Ascending distances (B, N) with whether each is of the own class -> those that are (B, K), and those that are
    not (B, N), ascending, too; infinities fill the rows up."""
    for index in range(len(values)):
        first, second = 0, 0
        closer, further = positives[index], negatives[index]
        for place in range(sizes[index]):
            if is_match[index, place]:
                closer[first] = values[index, place]
                first += 1
            else:
                further[second] = values[index, place]
                second += 1
        closer[first:] = np.inf
        further[second:] = np.inf


@njit(cache=True, nogil=True)
def find_doubts(
    values: np.ndarray,
    is_match: np.ndarray,
    sizes: np.ndarray,
    wanted: np.ndarray,
    share: float,
    rooted: bool,
    lengths: np.ndarray,
    is_doubtful: np.ndarray,
) -> None:
    """Note the rows (B,) in which two of different kinds, or what comes after the `wanted` (B,) nearest, may stand the
    wrong way round: distances may be off as `product_rows.Reach` says."""
    for index in range(len(values)):
        size, ascending, matches = sizes[index], values[index], is_match[index]
        doubtful, settled = False, size == values.shape[1] - 1
        for place in range(1, size):
            if matches[place] == matches[place - 1] and (settled or place < wanted[index]):
                continue
            slack = slack_at(ascending[place - 1], share, rooted, lengths[index])
            slack += slack_at(ascending[place], share, rooted, lengths[index])
            is_close = ascending[place] - ascending[place - 1] <= slack
            doubtful |= is_close and matches[place] != matches[place - 1]
            settled |= place >= wanted[index] and not is_close
        is_doubtful[index] |= doubtful or not settled


@njit(nogil=True)
def slack_at(distance: float, share: float, rooted: bool, length: float) -> float:
    """How far a distance from a point of this length may be off; a little more, to allow for roundings here."""
    reach = 2.0 * length + (distance if rooted else np.sqrt(distance))
    error = 1.01 * share * reach * reach
    if not rooted:
        return error
    least = np.sqrt(error)
    return (error / distance if distance > least else least) + 2.0**-51 * distance


@njit(nogil=True)
def _order_crowded(values: np.ndarray, is_match: np.ndarray, ends: np.ndarray, last: int) -> None:
    """Put in order what shares a bucket with many others; `ends` (last,) are those of the buckets."""
    start = 0
    for bucket in range(last):
        end = ends[bucket]
        if end - start > _SEVERAL and not _is_ordered(values[start:end]):
            _spread(values[start:end], is_match[start:end])
            if not _is_ordered(values[start:end]):
                order = np.argsort(values[start:end], kind="mergesort")
                values[start:end] = values[start:end][order]
                is_match[start:end] = is_match[start:end][order]
        start = end


@njit(nogil=True)
def _is_ordered(values: np.ndarray) -> bool:
    for place in range(1, len(values)):
        if values[place - 1] > values[place]:
            return False
    return True


@njit(nogil=True)
def _spread(values: np.ndarray, is_match: np.ndarray) -> None:
    """Over buckets of their own: what ties but for the last digits is then in order."""
    count, low, high = len(values), values.min(), values.max()
    scale = (2 * count - 1) / (high - low)
    if not np.isfinite(scale):
        return
    known, matches, starts = values.copy(), is_match.copy(), np.zeros(2 * count + 1, np.int64)
    for place in range(count):
        starts[np.int64((known[place] - low) * scale) + 1] += 1
    for bucket in range(2 * count):
        starts[bucket + 1] += starts[bucket]
    for place in range(count):
        bucket = np.int64((known[place] - low) * scale)
        values[starts[bucket]], is_match[starts[bucket]] = known[place], matches[place]
        starts[bucket] += 1


@njit(nogil=True)
def _insert(values: np.ndarray, is_match: np.ndarray) -> None:
    """Put in order what is nearly so; equal ones stay as they are."""
    for index in range(1, len(values)):
        value = values[index]
        if values[index - 1] > value:
            matches, place = is_match[index], index
            while place and values[place - 1] > value:
                values[place], is_match[place] = values[place - 1], is_match[place - 1]
                place -= 1
            values[place], is_match[place] = value, matches
