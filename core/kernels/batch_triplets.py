"""Compiled sums over the triplets of a batch, one anchor at a time, without spelling one of them out.

Two ways, equal to the last count. With few positives an anchor's row of distances is walked once for each of them, 8 or
16 numbers at a time; rows of the anchor's own class stand at infinity there, where no rule takes them. With many, the
positives are sorted once, and every negative finds the run of positives that it makes triplets with: a table says where
in the order a distance lies, and the numbers beside it are compared themselves. Prefix sums then give the sum over the
run, and its two ends say which distances to pull.

Refused: sorting the negatives as well, which costs several times the distance matrix.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FEW_POSITIVES = 24
_BUCKETS = 1024


@njit(cache=True, nogil=True)
def sum_band(
    distances: np.ndarray,
    labels: np.ndarray,
    low: float,
    high: float,
    margin: float,
    is_soft: bool,
    positive_mask: np.ndarray,
    negative_mask: np.ndarray,
    slopes: np.ndarray,
) -> tuple[float, int, int]:
    """Sum, count and number above 0 of all triplets with d_ap + low <= d_an < d_ap + high; d sum / d distances goes to
    `slopes` (N, N).

    Of all pairs of the labels, or only of those that are true in `positive_mask` and `negative_mask`, (N, N) each; both
    are (0, 0) where nothing is left out.
    """
    kind = distances.dtype.type
    first, beyond, gap = kind(low), kind(high), kind(margin)
    counted = 0.0, 0, 0
    # Room for one row, used again for every anchor: memory grows with N, not with N^2.
    negatives = np.empty(len(labels), distances.dtype)
    columns = np.empty(len(labels), np.int64)
    changes = np.empty(len(labels) + 1, np.int64)
    table = np.empty(_BUCKETS + 1, np.int32)
    for anchor in range(len(labels)):
        row, slope = distances[anchor], slopes[anchor]
        if len(positive_mask):
            size = _taken_part(row, positive_mask[anchor], negative_mask[anchor], negatives, columns)
        else:
            size = _part(row, labels, anchor, negatives, columns)
        slope[:] = 0
        # A soft sum has no runs: every triplet counts for another amount.
        if size <= FEW_POSITIVES or is_soft:
            counted = _one_by_one(negatives, row, columns, size, first, beyond, gap, is_soft, slope, counted)
        else:
            counted = _in_order(negatives, row, columns[:size], first, beyond, gap, slope, changes, table, counted)
    return counted


@njit(inline="always")
def _one_by_one(
    negatives: np.ndarray,
    row: np.ndarray,
    columns: np.ndarray,
    size: int,
    low: float,
    high: float,
    margin: float,
    is_soft: bool,
    slope: np.ndarray,
    counted: tuple[float, int, int],
) -> tuple[float, int, int]:
    """`counted` and the triplets of the positives in the first `size` columns; each walks the row once, O(N).

    The sum goes on from the last anchor's, so that it is rounded in one order whatever the anchors have.
    """
    total, found, active = counted
    for place in range(size):
        column = columns[place]
        if is_soft:
            part = _soft_row(negatives, row[column], low, high, slope)
        else:
            part = _hinge_row(negatives, row[column], low, high, margin, slope)
        total += part[0]
        found += part[1]
        active += part[2]
        slope[column] = part[3]
    return total, found, active


@njit(inline="always")
def _in_order(
    negatives: np.ndarray,
    row: np.ndarray,
    columns: np.ndarray,
    low: float,
    high: float,
    margin: float,
    slope: np.ndarray,
    changes: np.ndarray,
    table: np.ndarray,
    counted: tuple[float, int, int],
) -> tuple[float, int, int]:
    """The same with the positives sorted once, so that each negative costs a look into the table."""
    columns = columns[np.argsort(row[columns])]
    changes[: len(columns) + 1] = 0
    total, found, active = _hinge_runs(negatives, row[columns], low, high, margin, slope, changes, table)
    # A positive is pulled once for every run that covers it: those begun and not yet ended.
    running = 0
    for place in range(len(columns)):
        running += changes[place]
        slope[columns[place]] = running
    return counted[0] + total, counted[1] + found, counted[2] + active


@njit(cache=True, nogil=True)
def _part(row: np.ndarray, labels: np.ndarray, anchor: int, negatives: np.ndarray, columns: np.ndarray) -> int:
    """Write the row with infinity in place of the anchor's class, and the columns of its positives; their number."""
    own = labels[anchor]
    size = 0
    for column in range(len(row)):
        # Infinity is in no band and below no limit, so loops over the row need not ask for the class.
        negatives[column] = row[column] if labels[column] != own else np.inf
    for column in range(len(row)):
        if labels[column] == own and column != anchor:
            columns[size] = column
            size += 1
    return size


@njit(cache=True, nogil=True)
def _taken_part(
    row: np.ndarray, is_positive: np.ndarray, is_negative: np.ndarray, negatives: np.ndarray, columns: np.ndarray
) -> int:
    """The same by two masks over the row."""
    size = 0
    for column in range(len(row)):
        negatives[column] = row[column] if is_negative[column] else np.inf
        if is_positive[column]:
            columns[size] = column
            size += 1
    return size


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def _hinge_row(
    negatives: np.ndarray, positive: float, low: float, high: float, margin: float, slope: np.ndarray
) -> tuple[float, int, int, float]:
    """Sum, count and number above 0 over the negatives of one positive, and the slope of the positive's distance."""
    zero, one = negatives.dtype.type(0), negatives.dtype.type(1)
    first, beyond = positive + low, positive + high
    total, found, active = zero, np.int32(0), np.int32(0)
    for column in range(len(negatives)):
        negative = negatives[column]
        # Always in this order, so that every way of counting rounds alike and agrees on what is above 0.
        lacking = (positive - negative) + margin
        is_taken = (negative >= first) & (negative < beyond)
        is_active = is_taken & (lacking > zero)
        # 32 bits are as wide as float32, so counts and distances go side by side in one register.
        found += np.int32(is_taken)
        active += np.int32(is_active)
        total += lacking if is_active else zero
        slope[column] -= one if is_active else zero
    return float(total), int(found), int(active), float(active)


@njit(cache=True, nogil=True)
def _soft_row(
    negatives: np.ndarray, positive: float, low: float, high: float, slope: np.ndarray
) -> tuple[float, int, int, float]:
    """The same for log(1 + exp(d_ap - d_an)), which is above 0 for every triplet."""
    first, beyond = positive + low, positive + high
    total, found, pulled = 0.0, 0, 0.0
    for column in range(len(negatives)):
        negative = negatives[column]
        if (negative >= first) & (negative < beyond):
            # log(1 + e^x) as max(x, 0) + log(1 + e^-|x|): no overflow for large x, no digit lost for small x.
            difference = positive - negative
            shrunk = np.exp(-abs(difference))
            total += max(difference, 0.0) + np.log1p(shrunk)
            weight = (1.0 if difference > 0 else shrunk) / (1.0 + shrunk)
            found += 1
            pulled += weight
            slope[column] -= weight
    return total, found, found, pulled


@njit(cache=True, nogil=True)
def _hinge_runs(
    negatives: np.ndarray,
    positives: np.ndarray,
    low: float,
    high: float,
    margin: float,
    slope: np.ndarray,
    changes: np.ndarray,
    table: np.ndarray,
) -> tuple[float, int, int]:
    """Sum, count and number above 0 over all negatives and the sorted positives; where runs begin and end goes to
    `changes`."""
    size, sums = len(positives), _prefix_sums(positives)
    start, scale = _fill_table(positives, table)
    total, found, active = 0.0, 0, 0
    for column in range(len(negatives)):
        negative = negatives[column]
        if negative == np.inf:
            continue
        begin = _guess(negative - high, start, scale, table) if high < np.inf else 0
        begin = _begin(negative, positives, high, begin)
        end = _guess(negative - low, start, scale, table) if low > -np.inf else size
        end = _end(negative, positives, low, end)
        if begin >= end:
            continue
        found += end - begin
        if high != margin:
            begin = max(begin, _guess(negative - margin, start, scale, table) - 1)
            while (
                begin > 0 and (positives[begin - 1] - negative) + margin > 0 and negative < positives[begin - 1] + high
            ):
                begin -= 1
        while begin < end and not (positives[begin] - negative) + margin > 0:
            begin += 1
        if begin < end:
            number = end - begin
            active += number
            total += sums[end] - sums[begin] + number * (float(margin) - float(negative))
            slope[column] = -number
            changes[begin] += 1
            changes[end] -= 1
    return total, found, active


@njit(nogil=True)
def _begin(negative: float, positives: np.ndarray, high: float, guess: int) -> int:
    """The first of the sorted positives that the rule's upper end lets in.

    The table only guesses; the comparison of the rule itself moves the guess, so that no rounding decides. Kept so
    short that the compiler takes it into the loop: a call for each negative costs three times the work.
    """
    while guess > 0 and negative < positives[guess - 1] + high:
        guess -= 1
    while guess < len(positives) and not negative < positives[guess] + high:
        guess += 1
    return guess


@njit(nogil=True)
def _end(negative: float, positives: np.ndarray, low: float, guess: int) -> int:
    """One past the last of the sorted positives that the rule's lower end lets in, found the same way."""
    while guess > 0 and not negative >= positives[guess - 1] + low:
        guess -= 1
    while guess < len(positives) and negative >= positives[guess] + low:
        guess += 1
    return guess


@njit(nogil=True)
def _prefix_sums(values: np.ndarray) -> np.ndarray:
    """The sum of the first k values at place k, in float64."""
    sums = np.zeros(len(values) + 1)
    for place in range(len(values)):
        sums[place + 1] = sums[place] + values[place]
    return sums


@njit(cache=True, nogil=True)
def _fill_table(positives: np.ndarray, table: np.ndarray) -> tuple[float, float]:
    """`table[b]` becomes the number of positives below bucket b; the lowest value and the buckets in a unit."""
    start = positives[0]
    width = positives[-1] - start
    scale = positives.dtype.type(_BUCKETS - 1) / width if width > 0 else positives.dtype.type(0)
    table[:] = 0
    for value in positives:
        # Counting sort: how many lie in each bucket, then how many before it.
        place = (value - start) * scale
        # Of broken or endless distances, and of those too close for a scale, none has a place: bucket 0 will do.
        table[(int(place) if 0 < place < _BUCKETS else 0) + 1] += 1
    for bucket in range(_BUCKETS):
        table[bucket + 1] += table[bucket]
    return start, scale


@njit(cache=True, nogil=True)
def _guess(value: float, start: float, scale: float, table: np.ndarray) -> int:
    """About how many positives lie below the value; right up to those that share its bucket."""
    bucket = (value - start) * scale
    if not bucket > 0:
        return 0
    return table[int(bucket)] if bucket < _BUCKETS else table[_BUCKETS]


@njit(cache=True, nogil=True)
def count_hardness(distances: np.ndarray, labels: np.ndarray, margin: float) -> tuple[int, int, int]:
    """The numbers of triplets with d_an < d_ap, with d_an < d_ap + margin, and of all."""
    kind = distances.dtype.type
    hard, below_margin, total = 0, 0, 0
    negatives = np.empty(len(labels), distances.dtype)
    columns = np.empty(len(labels), np.int64)
    table = np.empty(_BUCKETS + 1, np.int32)
    for anchor in range(len(labels)):
        row = distances[anchor]
        size = _part(row, labels, anchor, negatives, columns)
        total += size * (len(labels) - size - 1)
        if size <= FEW_POSITIVES:
            for place in range(size):
                positive = row[columns[place]]
                hard += _below(negatives, positive)
                below_margin += _below(negatives, positive + kind(margin))
            continue
        positives = np.sort(row[columns[:size]])
        hard += _pairs_below(negatives, positives, table)
        below_margin += _pairs_below(negatives, positives + kind(margin), table)
    return hard, below_margin, total


@njit(cache=True, nogil=True)
def _below(negatives: np.ndarray, limit: float) -> int:
    count = np.int32(0)
    for column in range(len(negatives)):
        count += np.int32(negatives[column] < limit)
    return int(count)


@njit(cache=True, nogil=True)
def _pairs_below(negatives: np.ndarray, limits: np.ndarray, table: np.ndarray) -> int:
    """How many pairs of a negative and a limit have the negative below the limit; limits ascend."""
    start, scale = _fill_table(limits, table)
    count, size = 0, len(limits)
    for negative in negatives:
        # Nearly all negatives of a trained encoder are beyond every limit and end here.
        if negative < limits[-1]:
            begin = _guess(negative, start, scale, table)
            while begin > 0 and negative < limits[begin - 1]:
                begin -= 1
            while not negative < limits[begin]:
                begin += 1
            count += size - begin
    return count
