"""The nearest of a point in the order of their distances, and where products leave that order open.

Sorting by buckets of equal width, and of those that are crowded by narrower ones. Columns are filled in as they come,
and equal distances stay in that order. Compiled, free of the interpreter's lock.
"""

import numpy as np
from numba import njit

_SEVERAL = 24  # distances in one bucket, up to which they are put in order by insertion


@njit(cache=True, nogil=True)
def order_nearest(
    distances: np.ndarray,
    own: np.ndarray,
    numbers: np.ndarray,
    limits: np.ndarray,
    asked: np.ndarray,
    values: np.ndarray,
    is_match: np.ndarray,
    sizes: np.ndarray,
) -> None:
    """Distances (B, N) of the points `own` (B,), numbers of all points' classes (N,) -> those of the others up to a
    limit (B,), ascending, and whether each is of the own class, (B, N) of which `sizes` (B,) are filled; only of the
    rows `asked` for (B,)."""
    count = distances.shape[1]
    near, kinds = np.empty(count), np.empty(count, np.bool_)
    places, starts = np.empty(count, np.int32), np.empty(2 * count + 2, np.int32)
    for index in np.flatnonzero(asked):
        row, limit, number, size = distances[index], limits[index], numbers[own[index]], 0
        for column in range(count):
            # Written always and kept only where it counts: no branch on what is as good as random.
            places[size] = column
            size += (row[column] <= limit) & (column != own[index])
        sizes[index] = size
        for place in range(size):
            near[place], kinds[place] = row[places[place]], numbers[places[place]] == number
        _order(near[:size], kinds, places, starts[: 2 * size + 1], values[index], is_match[index])


@njit(cache=True, nogil=True)
def nearest_limits(distances: np.ndarray, most: int) -> np.ndarray:
    """Distances (B, N) -> the distance with `most` smaller or equal ones before it in each row, (B,): a few times as
    fast as a partition, since nearly all are larger than what has been kept so far."""
    kept, limits = np.empty(4 * most + 64, distances.dtype), np.empty(len(distances), distances.dtype)
    for index in range(len(distances)):
        kept[0] = np.inf
        row, size, limit = distances[index], 0, kept[0]
        for left in range(0, len(row), 64):
            some = row[left : left + 64]
            if not _has_any(some, limit):
                continue
            for value in some:
                kept[size] = value
                size += value < limit or size <= most
            # Rarely: each time the limit falls, fewer of the rest get in.
            if size > 4 * most:
                kept[:size] = np.partition(kept[:size], most)
                size, limit = most + 1, kept[most]
        limits[index] = np.partition(kept[:size], most)[most]
    return limits


@njit(nogil=True)
def _has_any(values: np.ndarray, limit: float) -> bool:
    """Whether one of them is smaller; without a branch inside, so that several are compared at a time."""
    found = np.int32(0)
    for place in range(len(values)):
        found |= np.int32(values[place] < limit)
    return bool(limit == np.inf or found > 0)


@njit(cache=True, nogil=True)
def split_kinds(
    distances: np.ndarray,
    own: np.ndarray,
    numbers: np.ndarray,
    order: np.ndarray,
    begins: np.ndarray,
    positives: np.ndarray,
    negatives: np.ndarray,
) -> None:
    """Distances (B, N) of the points `own` (B,) -> those to others of the own class (B, K), and those to all of other
    classes (B, N), in no order; infinities stand for what is left out.

    Of a class with the number c the points are order[begins[c]:begins[c + 1]]; `numbers` (N,) are those of all points.
    """
    for index in range(len(distances)):
        row, number, further, closer = distances[index], numbers[own[index]], negatives[index], positives[index]
        for column in range(len(row)):
            # In place, not packed: infinities sort behind everything, and the loop needs no counter.
            further[column] = np.inf if numbers[column] == number else row[column]
        size = 0
        for place in range(begins[number], begins[number + 1]):
            if order[place] != own[index]:
                closer[size] = row[order[place]]
                size += 1
        closer[size:] = np.inf


@njit(cache=True, nogil=True)
def merge_kinds(
    positives: np.ndarray,
    negatives: np.ndarray,
    most: int,
    values: np.ndarray,
    is_match: np.ndarray,
    is_tied: np.ndarray,
) -> None:
    """Ascending (B, K) and (B, N), filled up with infinities -> the `most` smallest of both, ascending, and whether
    each is a positive, (B, N) of which so many are filled; whether one of either kind ties there (B,)."""
    last_positive, last_negative = positives.shape[1] - 1, negatives.shape[1] - 1
    for index in range(len(values)):
        first, second, tied = 0, 0, False
        closer, further = positives[index], negatives[index]
        for place in range(most):
            one, other = closer[min(first, last_positive)], further[min(second, last_negative)]
            # A positive that ties with a negative comes after it here; `is_tied` says that columns must decide.
            is_first = one < other
            tied |= one == other
            values[index, place], is_match[index, place] = one if is_first else other, is_first
            first += is_first
            second += not is_first
        is_tied[index] = tied


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
    wrong way round: distances may be off as `product_blocks.Reach` says."""
    for index in range(len(values)):
        size, ascending, matches = sizes[index], values[index], is_match[index]
        doubtful, settled = False, size == values.shape[1] - 1
        for place in range(1, size):
            if matches[place] == matches[place - 1] and (settled or place < wanted[index]):
                continue
            # Only neighbours in this order can stand the wrong way round by less than both errors.
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
def _order(
    near: np.ndarray,
    kinds: np.ndarray,
    places: np.ndarray,
    starts: np.ndarray,
    values: np.ndarray,
    is_match: np.ndarray,
) -> None:
    """Distances (S,) and their kinds into `values` and `is_match`, ascending; with room for 2 S buckets."""
    count = len(near)
    if not count:
        return
    low, high = near.min(), near.max()
    scale = (2 * count - 1) / (high - low) if high > low else 0.0
    is_spread = 0.0 < scale < np.inf  # one bucket for all where distances have no end or hardly differ
    starts[:] = 0
    for place in range(count):
        places[place] = np.int32((near[place] - low) * scale) if is_spread else 0
        # Counting sort by bucket; equal numbers share one and keep the order of their columns.
        starts[places[place] + 1] += 1
    running, widest = np.int32(0), np.int32(0)
    for bucket in range(1, len(starts)):
        widest = max(widest, starts[bucket])
        running += starts[bucket]
        starts[bucket] = running
    for place in range(count):
        target = starts[places[place]]
        starts[places[place]] = target + 1
        values[target], is_match[target] = near[place], kinds[place]
    if widest > _SEVERAL:
        _order_crowded(values, is_match, starts)
    _insert(values[:count], is_match)


@njit(nogil=True)
def _order_crowded(values: np.ndarray, is_match: np.ndarray, ends: np.ndarray) -> None:
    """Put in order what shares a bucket with many others; `ends` are those of the buckets."""
    start = 0
    for end in ends:
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
    if not 0.0 < scale < np.inf:
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
