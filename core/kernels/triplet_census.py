"""The counting under the triplet census: compiled, exact, free of the interpreter's lock.

The sorted negatives of an anchor get a table of where each of many equal buckets starts, and each positive + margin
finds its place among them from there, by halving what is in its bucket. Buckets only narrow: the mapping of a distance
to its bucket is monotone, so of two distances the one in the higher bucket is larger.

Refused: binned counts (wrong by 1e-4 of all triplets). Loops run over indices, and the hot ones have no branch, because
only then does the compiler run 8 or 16 at a time.
"""

import numpy as np
from numba import njit

_OUTER = 8  # distances at either end that no bucket is made for: a copy of the anchor lies far from all others


@njit(cache=True, nogil=True)
def count_closer(
    positives: np.ndarray,
    positive_counts: np.ndarray,
    negatives: np.ndarray,
    negative_counts: np.ndarray,
    added: np.ndarray,
    share: float,
    rooted: bool,
    lengths: np.ndarray,
    is_doubtful: np.ndarray,
) -> np.ndarray:
    """For each added margin the number of (positive, negative) of each anchor with negative < positive + added, (B, M).

    Ascending distances of B anchors to positives (B, K) and negatives (B, N), counts (B,) of those before the
    infinities that fill the rows up, and ascending (M,). Where distances may be off, as `product_blocks.Reach` says,
    the anchors are noted (B,) of which a sum comes too near to a negative to be sure.
    """
    counts = np.zeros((len(positives), len(added)), np.int64)
    starts = np.empty(_bucket_count(negatives.shape[1]) + 1, np.int32)
    places = np.empty(negatives.shape[1], np.int32)
    padded = np.full(negatives.shape[1] + 33, np.inf)
    padded[0] = -np.inf
    ascending, slack = padded[1:], np.zeros(positives.shape[1])
    for anchor in range(len(positives)):
        size, negative_count = positive_counts[anchor], negative_counts[anchor]
        if size == 0 or negative_count == 0:
            continue
        to_positive = positives[anchor, :size]
        ascending[: negatives.shape[1]] = negatives[anchor]
        lowest, highest = ascending[0], ascending[negative_count - 1]
        low, scale = _spread(ascending[:negative_count], len(starts) - 1)
        widest = _find_starts(ascending[:negative_count], low, scale, places, starts)
        most = _fill_slack(to_positive, share, rooted, lengths[anchor], slack) if share else 0.0
        some = every = size  # the first positives with any and with every negative closer than their sum
        for step in range(len(added)):
            more = added[step]
            # Nothing is within less than 0.
            rest = _rest(share, rooted, lengths[anchor], highest, more) if share else -1.0
            room = most + rest if share else 0.0
            some, every = _narrow(to_positive, more, room, lowest, highest, some, every)
            here, table = slice(some, every), (padded, starts, widest, low, scale)
            inside, is_near = _places(to_positive[here], more, share, slack[here], rest, *table)
            counts[anchor, step] = (size - every) * np.int64(negative_count) + inside
            is_doubtful[anchor] |= is_near
    return counts


@njit(cache=True, nogil=True)
def rank_anchors(
    positives: np.ndarray,
    positive_counts: np.ndarray,
    negatives: np.ndarray,
    negative_counts: np.ndarray,
    found: np.ndarray,
) -> None:
    """The share of (positive, negative) of each anchor with the positive closer, ties counted half, (B,); NaN where it
    has no such pair. The rest as in `count_closer`."""
    for anchor in range(len(positives)):
        size, negative_count = positive_counts[anchor], negative_counts[anchor]
        to_negative = negatives[anchor, :negative_count]
        closer, as_close, misplaced, tied = 0, 0, 0, 0
        for positive in positives[anchor, :size]:
            # Both ascend: one walk over positives and negatives together, as in merging.
            while closer < negative_count and to_negative[closer] < positive:
                closer += 1
            as_close = max(as_close, closer)
            while as_close < negative_count and to_negative[as_close] == positive:
                as_close += 1
            misplaced += closer
            tied += as_close - closer
        pairs = size * negative_count
        found[anchor] = 1 - (misplaced + tied / 2) / pairs if pairs else np.nan


@njit(nogil=True)
def _bucket_count(size: int) -> int:
    """Some three negatives to each: making the table takes as long as looking up a thousand times."""
    buckets = 16
    while 4 * buckets < size:
        buckets *= 2
    return buckets


@njit(nogil=True)
def _spread(ascending: np.ndarray, buckets: int) -> tuple[float, float]:
    """Where the buckets begin, and how many there are to a unit of distance; 0 where all are as far or too near."""
    outer = min(_OUTER, (len(ascending) - 1) // 2)
    low, high = ascending[outer], ascending[len(ascending) - 1 - outer]
    scale = (buckets - 1.0) / (high - low) if high > low else 0.0
    return low, scale if np.isfinite(scale) else 0.0


@njit(nogil=True)
def _fill_slack(to_positive: np.ndarray, share: float, rooted: bool, length: float, slack: np.ndarray) -> float:
    """Write twice the error of each distance, its own and that of a negative as far; the largest."""
    most = 0.0
    for place in range(len(to_positive)):
        slack[place] = 2 * _slack_at(to_positive[place], share, rooted, length)
        most = max(most, slack[place])
    return most


@njit(nogil=True)
def _rest(share: float, rooted: bool, length: float, highest: float, more: float) -> float:
    """What comes to the slack of every sum: the error of a negative, none of which is farther than the highest, and
    of the addition."""
    width = length if rooted else 4 * length**2
    return 4 * (share + 2.0**-50) * (width + highest + more)


@njit(nogil=True)
def _narrow(
    to_positive: np.ndarray, more: float, room: float, lowest: float, highest: float, some: int, every: int
) -> tuple[int, int]:
    """The first positives whose sum exceeds any negative, and the first whose sum exceeds every one: as the margins
    ascend both ends only fall, so that all margins together walk the positives once."""
    while some and to_positive[some - 1] + more + room > lowest:
        some -= 1
    while every and to_positive[every - 1] + more - room > highest:
        every -= 1
    return some, every


@njit(nogil=True)
def _slack_at(distance: float, share: float, rooted: bool, length: float) -> float:
    """`neighbour_order.slack_at`, which stands here once more because compiled code on disk does not notice that a
    function of another file has changed."""
    reach = 2.0 * length + (distance if rooted else np.sqrt(distance))
    error = 1.01 * share * reach * reach
    if not rooted:
        return error
    least = np.sqrt(error)
    return (error / distance if distance > least else least) + 2.0**-51 * distance


@njit(nogil=True)
def _bucket(value: float, low: float, scale: float, last: float) -> np.uint32:
    """0 up to `last`, never falling as the value rises; all values at or below `low` share bucket 0."""
    place = (value - low) * scale
    place = place if place > last * 0 else last * 0
    return np.uint32(np.int32(place if place < last else last))


@njit(nogil=True)
def _find_starts(ascending: np.ndarray, low: float, scale: float, places: np.ndarray, starts: np.ndarray) -> np.int32:
    """starts[b] becomes the number of values in the buckets below b; the largest number in one bucket."""
    last = ascending.dtype.type(len(starts) - 2)
    for index in range(len(ascending)):
        places[index] = _bucket(ascending[index], low, scale, last)
    starts[:] = 0
    for index in range(len(ascending)):
        starts[places[index] + 1] = index + 1  # the last of a bucket stays
    running, widest = np.int32(0), np.int32(0)
    for bucket in range(len(starts)):
        end = max(running, starts[bucket])
        widest = max(widest, end - running)
        starts[bucket] = running = end
    return widest


@njit(nogil=True, forceinline=True)
def _jumped(ascending: np.ndarray, place: np.uint64, limit: float) -> np.uint64:
    """The place of the first value that is not below the limit, less than 32 ahead: by jumps of 16, 8, 4, 2 and 1."""
    one, two, four, eight, sixteen = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16)
    place += sixteen * np.uint64(ascending[place + sixteen - one] < limit)
    place += eight * np.uint64(ascending[place + eight - one] < limit)
    place += four * np.uint64(ascending[place + four - one] < limit)
    place += two * np.uint64(ascending[place + one] < limit)
    place += np.uint64(ascending[place] < limit)
    return place


@njit(nogil=True)
def _sure_places(
    values: np.ndarray,
    more: float,
    ascending: np.ndarray,
    starts: np.ndarray,
    widest: np.int32,
    low: float,
    scale: float,
) -> np.int64:
    """The number of (value, other) with other < value + more; 32 infinities follow the others.

    Jumping has no store and no branch, so that it runs several at a time; searching is for crowded buckets.
    """
    last, total = len(starts) - 2.0, np.int64(0)
    if widest < 32:
        for index in range(len(values)):
            limit = values[index] + more
            place = _jumped(ascending, np.uint64(starts[_bucket(limit, low, scale, last)]), limit)
            total += np.int64(place)
        return total
    for index in range(len(values)):
        limit = values[index] + more
        bucket = _bucket(limit, low, scale, last)
        total += starts[bucket] + np.searchsorted(ascending[starts[bucket] : starts[bucket + 1]], limit)
    return total


@njit(nogil=True)
def _places(
    values: np.ndarray,
    more: float,
    share: float,
    slack: np.ndarray,
    rest: float,
    padded: np.ndarray,
    starts: np.ndarray,
    widest: np.int32,
    low: float,
    scale: float,
) -> tuple[np.int64, np.bool_]:
    """The same where distances may be off, and whether an other lies within the slack of its value, and the rest, of a
    sum; one infinity stands before the others."""
    if not share:
        return _sure_places(values, more, padded[1:], starts, widest, low, scale), np.bool_(False)
    last, ascending = len(starts) - 2.0, padded[1:]
    total, near = np.int64(0), np.int64(0)
    if widest < 32:
        for index in range(len(values)):
            limit, doubt = values[index] + more, slack[index] + rest
            place = _jumped(ascending, np.uint64(starts[_bucket(limit, low, scale, last)]), limit)
            total += np.int64(place)
            near += np.int64((ascending[place] - limit <= doubt) | (limit - padded[place] <= doubt))
        return total, near > 0
    for index in range(len(values)):
        limit, doubt = values[index] + more, slack[index] + rest
        bucket = _bucket(limit, low, scale, last)
        place = starts[bucket] + np.searchsorted(ascending[starts[bucket] : starts[bucket + 1]], limit)
        total += place
        near += np.int64((ascending[place] - limit <= doubt) | (limit - padded[place] <= doubt))
    return total, near > 0
