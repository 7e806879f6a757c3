"""The counting under the triplet census: compiled, exact, free of the interpreter's lock.

The sorted negatives of an anchor get a table of where each of many equal buckets starts, and each positive + margin
finds its place among them from there, by halving what is in its bucket. Buckets only narrow: the mapping of a distance
to its bucket is monotone, so of two distances the one in the higher bucket is larger.

Refused: binned counts (wrong by 1e-4 of all triplets). Loops run over indices, and the hot ones have no branch, because
only then does the compiler run 8 or 16 at a time.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def split_rows(
    block: np.ndarray, start: int, begin: np.ndarray, end: np.ndarray, positives: np.ndarray, negatives: np.ndarray
) -> None:
    """Distances (B, N) of the points start, start + 1, ... -> those to the point's class, which is the columns begin to
    end (B,), without the point itself, (B, K), and those to all others, (B, N); infinities fill the rows up."""
    for index in range(len(block)):
        row, first, last, own = block[index], begin[index], end[index], start + index
        positives[index, : own - first] = row[first:own]
        positives[index, own - first : last - first - 1] = row[own + 1 : last]
        positives[index, last - first - 1 :] = np.inf
        negatives[index, :first] = row[:first]
        negatives[index, first : len(row) - last + first] = row[last:]
        negatives[index, len(row) - last + first :] = np.inf


@njit(cache=True, nogil=True)
def count_closer(
    positives: np.ndarray,
    positive_counts: np.ndarray,
    negatives: np.ndarray,
    negative_counts: np.ndarray,
    added: np.ndarray,
) -> np.ndarray:
    """For each added margin the number of (positive, negative) of one anchor with negative < positive + added, (M,).

    Ascending distances of B anchors to positives (B, K) and negatives (B, N), counts (B,) of those before the
    infinities that fill the rows up, and ascending (M,).
    """
    counts = np.zeros(len(added), np.int64)
    buckets = 16  # some three negatives to each: making the table takes as long as looking up a thousand times
    while 4 * buckets < negatives.shape[1]:
        buckets *= 2
    starts = np.empty(buckets + 1, np.int32)
    places = np.empty(negatives.shape[1], np.int32)
    padded = np.full(negatives.shape[1] + 32, np.inf, negatives.dtype)
    for anchor in range(len(positives)):
        size, negative_count = positive_counts[anchor], negative_counts[anchor]
        if size == 0 or negative_count == 0:
            continue
        to_positive = positives[anchor, :size]
        padded[: negatives.shape[1]] = negatives[anchor]
        lowest, highest = padded[0], padded[negative_count - 1]
        last = padded.dtype.type(buckets - 1)
        scale = last / (highest - lowest) if highest > lowest else last * 0
        scale = scale if np.isfinite(scale) else last * 0
        widest = _find_starts(padded[:negative_count], lowest, scale, places, starts)
        some = every = size  # the first positives with any and with every negative closer than their sum
        for step in range(len(added)):
            more = added[step]
            while some and to_positive[some - 1] + more > lowest:
                some -= 1
            while every and to_positive[every - 1] + more > highest:
                every -= 1
            counts[step] += (size - every) * np.int64(negative_count)
            counts[step] += _sum_of_places(to_positive[some:every], more, padded, starts, widest, lowest, scale)
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
def _sum_of_places(
    values: np.ndarray,
    more: float,
    ascending: np.ndarray,
    starts: np.ndarray,
    widest: np.int32,
    low: float,
    scale: float,
) -> np.int64:
    """The number of (value, other) with other < value + more; 32 infinities follow on the others.

    From where its bucket starts a sum jumps ahead by 16, 8, 4, 2 and 1. That way has no store and no branch, so that it
    runs 8 or 16 at a time; the other is for crowded buckets.
    """
    last = ascending.dtype.type(len(starts) - 2)
    one, two, four, eight, sixteen = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(8), np.uint64(16)
    total = np.int64(0)
    if widest < 32:
        for index in range(len(values)):
            limit = values[index] + more
            place = np.uint64(starts[_bucket(limit, low, scale, last)])
            place += sixteen * np.uint64(ascending[place + sixteen - one] < limit)
            place += eight * np.uint64(ascending[place + eight - one] < limit)
            place += four * np.uint64(ascending[place + four - one] < limit)
            place += two * np.uint64(ascending[place + one] < limit)
            place += np.uint64(ascending[place] < limit)
            total += np.int64(place)
        return total
    for index in range(len(values)):
        limit = values[index] + more
        bucket = _bucket(limit, low, scale, last)
        total += starts[bucket] + np.searchsorted(ascending[starts[bucket] : starts[bucket + 1]], limit)
    return total
