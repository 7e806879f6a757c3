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
    infinities that fill the rows up, and ascending (M,). Where distances may be off, as `product_rows.Reach` says, the
    anchors are noted (B,) of which a sum comes too near to a negative to be sure.
    """
    counts = np.zeros((len(positives), len(added)), np.int64)
    buckets = 16  # some three negatives to each: making the table takes as long as looking up a thousand times
    while 4 * buckets < negatives.shape[1]:
        buckets *= 2
    starts = np.empty(buckets + 1, np.int32)
    places = np.empty(negatives.shape[1], np.int32)
    padded = np.full(negatives.shape[1] + 33, np.inf)
    padded[0] = -np.inf
    ascending, slack = padded[1:], np.zeros(positives.shape[1])
    for anchor in range(len(positives)):
        size, negative_count = positive_counts[anchor], negative_counts[anchor]
        if size == 0 or negative_count == 0:
            continue
        to_positive, most = positives[anchor, :size], 0.0
        ascending[: negatives.shape[1]] = negatives[anchor]
        lowest, highest = ascending[0], ascending[negative_count - 1]
        outer = min(_OUTER, (negative_count - 1) // 2)
        low, high = ascending[outer], ascending[negative_count - 1 - outer]
        scale = (buckets - 1.0) / (high - low) if high > low else 0.0
        scale = scale if np.isfinite(scale) else 0.0
        widest = _find_starts(ascending[:negative_count], low, scale, places, starts)
        if share:
            for place in range(size):
                slack[place] = 2 * _slack_at(to_positive[place], share, rooted, lengths[anchor])
                most = max(most, slack[place])
        some = every = size  # the first positives with any and with every negative closer than their sum
        for step in range(len(added)):
            more = added[step]
            rest, room = -1.0, 0.0  # nothing is within less than 0
            if share:
                width = lengths[anchor] if rooted else 4 * lengths[anchor] ** 2
                rest = 4 * (share + 2.0**-50) * (width + highest + more)
                room = most + rest
            while some and to_positive[some - 1] + more + room > lowest:
                some -= 1
            while every and to_positive[every - 1] + more - room > highest:
                every -= 1
            counts[anchor, step] = (size - every) * np.int64(negative_count)
            here = slice(some, every)
            inside, is_near = _places(to_positive[here], more, slack[here], rest, padded, starts, widest, low, scale)
            counts[anchor, step] += inside
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
def _slack_at(distance: float, share: float, rooted: bool, length: float) -> float:
    """`order_kernels.slack_at`, which stands here once more because compiled code on disk does not notice that a
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


@njit(nogil=True)
def _places(
    values: np.ndarray,
    more: float,
    slack: np.ndarray,
    rest: float,
    padded: np.ndarray,
    starts: np.ndarray,
    widest: np.int32,
    low: float,
    scale: float,
) -> tuple[np.int64, np.bool_]:
    """The number of (value, other) with other < value + more, and whether one lies within the slack of its value, and
    the rest, of that; one infinity stands before the others and 32 follow them.

    From where its bucket starts a sum jumps ahead by 16, 8, 4, 2 and 1. That way has no store and no branch, so that it
    runs several at a time; the other is for crowded buckets.
    """
    last, ascending = len(starts) - 2.0, padded[1:]
    one, two, four, eight, sixteen = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16)
    total, near = np.int64(0), np.int64(0)
    if widest < 32:
        for index in range(len(values)):
            limit, doubt = values[index] + more, slack[index] + rest
            place = np.uint64(starts[_bucket(limit, low, scale, last)])
            place += sixteen * np.uint64(ascending[place + sixteen - one] < limit)
            place += eight * np.uint64(ascending[place + eight - one] < limit)
            place += four * np.uint64(ascending[place + four - one] < limit)
            place += two * np.uint64(ascending[place + one] < limit)
            place += np.uint64(ascending[place] < limit)
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
