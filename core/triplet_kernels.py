"""Compiled sums over the triplets of a batch, one anchor at a time: its positives are sorted once, and every negative
finds by bisection which of them it makes a triplet with."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sum_band(
    distances: np.ndarray,
    labels: np.ndarray,
    low: float,
    high: float,
    margin: float,
    is_soft: bool,
    slopes: np.ndarray,
) -> tuple[float, int, int]:
    """Sum, count and number above 0 of all triplets with d_ap + low <= d_an < d_ap + high; d sum / d distances goes to
    `slopes` (N, N)."""
    count = len(labels)
    total, found, active = 0.0, 0, 0
    positives = np.empty(count, distances.dtype)
    columns = np.empty(count, np.int64)
    changes = np.empty(count + 1, np.float64)
    slopes[:] = 0
    for anchor in range(count):
        row, slope = distances[anchor], slopes[anchor]
        size = 0
        for column in range(count):
            if labels[column] == labels[anchor] and column != anchor:
                positives[size], columns[size] = row[column], column
                size += 1
        if size == 0:
            continue
        order = np.argsort(positives[:size])
        nearest_first = positives[:size][order]
        sums = np.zeros(size + 1)
        sums[1:] = np.cumsum(nearest_first.astype(np.float64))
        changes[: size + 1] = 0
        for column in range(count):
            if labels[column] == labels[anchor]:
                continue
            negative = row[column]
            begin = _first_above(nearest_first, high, negative)
            end = _first_not_at_most(nearest_first, low, negative)
            if begin >= end:
                continue
            found += end - begin
            if is_soft:
                for place in range(begin, end):
                    difference = nearest_first[place] - negative
                    total += max(difference, 0.0) + np.log1p(np.exp(-abs(difference)))
                    weight = 1 / (1 + np.exp(-difference))
                    changes[place] += weight
                    changes[place + 1] -= weight
                    slope[column] -= weight
                active += end - begin
                continue
            begin = max(begin, _first_active(nearest_first, margin, negative))
            if begin < end:
                active += end - begin
                total += sums[end] - sums[begin] + (end - begin) * (margin - negative)
                slope[column] = begin - end
                changes[begin] += 1
                changes[end] -= 1
        running = 0.0
        for place in range(size):
            running += changes[place]
            slope[columns[order[place]]] = running
    return total, found, active


@njit(cache=True, nogil=True)
def _first_above(positives: np.ndarray, high: float, negative: float) -> int:
    """The first place with negative < positive + high."""
    begin, end = 0, len(positives)
    while begin < end:
        middle = (begin + end) // 2
        if negative < positives[middle] + positives.dtype.type(high):
            end = middle
        else:
            begin = middle + 1
    return begin


@njit(cache=True, nogil=True)
def _first_not_at_most(positives: np.ndarray, low: float, negative: float) -> int:
    """The first place with positive + low > negative."""
    begin, end = 0, len(positives)
    while begin < end:
        middle = (begin + end) // 2
        if positives[middle] + positives.dtype.type(low) > negative:
            end = middle
        else:
            begin = middle + 1
    return begin


@njit(cache=True, nogil=True)
def _first_active(positives: np.ndarray, margin: float, negative: float) -> int:
    """The first place with positive - negative + margin > 0."""
    begin, end = 0, len(positives)
    while begin < end:
        middle = (begin + end) // 2
        if positives[middle] - negative + positives.dtype.type(margin) > 0:
            end = middle
        else:
            begin = middle + 1
    return begin


@njit(cache=True, nogil=True)
def count_hardness(distances: np.ndarray, labels: np.ndarray, margin: float) -> tuple[int, int, int]:
    """The numbers of triplets with d_an < d_ap, with d_an < d_ap + margin, and of all."""
    count = len(labels)
    hard, below_margin, total = 0, 0, 0
    for anchor in range(count):
        row = distances[anchor]
        is_positive = labels == labels[anchor]
        is_positive[anchor] = False
        positives = np.sort(row[is_positive])
        for column in range(count):
            if labels[column] != labels[anchor]:
                hard += len(positives) - _first_above(positives, 0.0, row[column])
                below_margin += len(positives) - _first_above(positives, margin, row[column])
                total += len(positives)
    return hard, below_margin, total
