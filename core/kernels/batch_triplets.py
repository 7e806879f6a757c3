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
    total, found, active = 0.0, 0, 0
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
        if size <= FEW_POSITIVES or is_soft:
            for place in range(size):
                column = columns[place]
                if is_soft:
                    part = _soft_row(negatives, row[column], kind(low), kind(high), slope)
                else:
                    part = _hinge_row(negatives, row[column], kind(low), kind(high), kind(margin), slope)
                total += part[0]
                found += part[1]
                active += part[2]
                slope[column] = part[3]
            continue
        columns[:size] = columns[:size][np.argsort(row[columns[:size]])]
        changes[: size + 1] = 0
        part = _hinge_runs(negatives, row[columns[:size]], kind(low), kind(high), kind(margin), slope, changes, table)
        total += part[0]
        found += part[1]
        active += part[2]
        running = 0
        for place in range(size):
            running += changes[place]
            slope[columns[place]] = running
    return total, found, active


@njit(cache=True, nogil=True)
def _part(row: np.ndarray, labels: np.ndarray, anchor: int, negatives: np.ndarray, columns: np.ndarray) -> int:
    """Write the row with infinity in place of the anchor's class, and the columns of its positives; their number."""
    own = labels[anchor]
    size = 0
    for column in range(len(row)):
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
        lacking = (positive - negative) + margin
        is_taken = (negative >= first) & (negative < beyond)
        is_active = is_taken & (lacking > zero)
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
    size = len(positives)
    sums = np.zeros(size + 1)
    for place in range(size):
        sums[place + 1] = sums[place] + positives[place]
    start, scale = _fill_table(positives, table)
    total, found, active = 0.0, 0, 0
    for column in range(len(negatives)):
        negative = negatives[column]
        if negative == np.inf:
            continue
        begin = _guess(negative - high, start, scale, table) if high < np.inf else 0
        while begin > 0 and negative < positives[begin - 1] + high:
            begin -= 1
        while begin < size and not negative < positives[begin] + high:
            begin += 1
        end = _guess(negative - low, start, scale, table) if low > -np.inf else size
        while end > 0 and not negative >= positives[end - 1] + low:
            end -= 1
        while end < size and negative >= positives[end] + low:
            end += 1
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


@njit(cache=True, nogil=True)
def _fill_table(positives: np.ndarray, table: np.ndarray) -> tuple[float, float]:
    """`table[b]` becomes the number of positives below bucket b; the lowest value and the buckets in a unit."""
    start = positives[0]
    width = positives[-1] - start
    scale = positives.dtype.type(_BUCKETS - 1) / width if width > 0 else positives.dtype.type(0)
    table[:] = 0
    for value in positives:
        table[int((value - start) * scale) + 1] += 1
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
        if negative < limits[-1]:
            begin = _guess(negative, start, scale, table)
            while begin > 0 and negative < limits[begin - 1]:
                begin -= 1
            while not negative < limits[begin]:
                begin += 1
            count += size - begin
    return count
