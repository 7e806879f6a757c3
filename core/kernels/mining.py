"""Compiled searches among the negatives of each anchor, and the sum over triplets that count by their hardness."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def nearest_beyond(distances: np.ndarray, labels: np.ndarray, anchors: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """(N, N), (N,), (P,), (P,) pairs in the order of their anchors -> (P,) rows of the nearest negative with
    d_an > d_ap, the lower row of two equally near; -1 where there is none.

    Every negative finds by bisection the furthest positive that it lies beyond, and so competes for all nearer ones.
    """
    count = len(labels)
    found = np.full(len(anchors), -1, np.int64)
    begin = 0
    while begin < len(anchors):
        anchor = anchors[begin]
        end = begin
        while end < len(anchors) and anchors[end] == anchor:
            end += 1
        row = distances[anchor]
        reached = row[positives[begin:end]]
        # Sorted once for an anchor: N log P in place of N P comparisons.
        order = np.argsort(reached)
        reached = reached[order]
        best = np.full(end - begin, -1, np.int64)
        for column in range(count):
            if labels[column] != labels[anchor]:
                place = _count_below(reached, row[column]) - 1
                if place >= 0 and (best[place] < 0 or row[column] < row[best[place]]):
                    best[place] = column
        # From the furthest positive to the nearest: what lies beyond one lies beyond all nearer ones.
        nearest = -1
        for place in range(end - begin - 1, -1, -1):
            if best[place] >= 0 and (nearest < 0 or row[best[place]] < row[nearest]):
                nearest = best[place]
            found[begin + order[place]] = nearest
        begin = end
    return found


@njit(cache=True, nogil=True)
def _count_below(ascending: np.ndarray, value: float) -> int:
    begin, end = 0, len(ascending)
    if ascending[end - 1] < value:  # soon true for nearly all
        return end
    while begin < end:
        middle = (begin + end) // 2
        if ascending[middle] < value:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def draw_in_band(
    distances: np.ndarray,
    labels: np.ndarray,
    anchors: np.ndarray,
    positives: np.ndarray,
    shares: np.ndarray,
    margin: float,
) -> np.ndarray:
    """(N, N), (N,), (P,), (P,) pairs, (P,) numbers in [0, 1) -> (P,) rows of the negative that stands at this share of
    those with d_ap < d_an < d_ap + margin; -1 where there is none."""
    found = np.full(len(anchors), -1, np.int64)
    for pair in range(len(anchors)):
        row, label = distances[anchors[pair]], labels[anchors[pair]]
        low = row[positives[pair]]
        high = low + distances.dtype.type(margin)
        count = 0
        for column in range(len(row)):
            # Counted first, drawn after: each candidate is as likely as any other, and none is listed.
            count += (labels[column] != label) & (row[column] > low) & (row[column] < high)
        wanted = int(shares[pair] * count)
        column = 0
        while count and found[pair] < 0:
            if labels[column] != label and low < row[column] < high:
                if wanted == 0:
                    found[pair] = column
                wanted -= 1
            column += 1
    return found


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def sum_focused(
    distances: np.ndarray,
    labels: np.ndarray,
    low: float,
    high: float,
    margin: float,
    is_soft: bool,
    focus: float,
    temperature: float,
    slopes: np.ndarray,
) -> tuple[float, int, int]:
    """As sum_band of core/kernels/batch_triplets.py, where every triplet counts
    1 / (1 + exp((d_an - d_ap) / temperature)) to the power `focus`. One triplet at a time: the weights leave nothing to
    count in bulk."""
    total, found, active = 0.0, 0, 0
    number = distances.dtype.type
    slopes[:] = 0
    for anchor in range(len(labels)):
        row, slope = distances[anchor], slopes[anchor]
        columns = np.nonzero(labels != labels[anchor])[0]
        if len(columns) == 0:
            continue
        negatives, pushes = row[columns], np.zeros(len(columns))
        # exp((d_an - d_ap) / temperature) is a product of one factor each, unless that could overflow.
        middle = (negatives.min() + negatives.max()) / 2
        is_split = row.max() - row.min() < 600 * temperature
        growth = np.exp((negatives.astype(np.float64) - middle) / temperature)
        for positive in range(len(labels)):
            if labels[positive] != labels[anchor] or positive == anchor:
                continue
            reached = row[positive]
            decay = np.exp((middle - reached) / temperature)
            if not is_split:
                growth, decay = np.exp((negatives.astype(np.float64) - reached) / temperature), 1.0
            begin, end = reached + number(low), reached + number(high)
            weights = _power(1 / (1 + growth * decay), focus)
            counted = _weigh(negatives, weights, begin, end, reached, number(margin), is_soft, pushes)
            total, found, active = total + counted[0], found + counted[1], active + counted[2]
            slope[positive] = counted[3]
        slope[columns] = -pushes
    return total, found, active


@njit(cache=True, nogil=True)
def _power(values: np.ndarray, exponent: float) -> np.ndarray:
    """Whole powers by multiplication, many times faster than the others."""
    if exponent != int(exponent):
        return values**exponent
    product = values.copy()
    for _ in range(int(exponent) - 1):
        product *= values
    return product


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _weigh(
    negatives: np.ndarray,
    weights: np.ndarray,
    begin: float,
    end: float,
    reached: float,
    margin: float,
    is_soft: bool,
    pushes: np.ndarray,
) -> tuple[float, int, int, float]:
    """The sum over the negatives of one positive, how many are in the band and above 0, and the slope by d_ap."""
    values, slopes = reached - negatives + margin, weights
    if is_soft:
        difference = reached - negatives
        values = np.maximum(difference, 0) + np.log1p(np.exp(-np.abs(difference)))
        slopes = weights / (1 + np.exp(-difference))
    total, slope, found, active = 0.0, 0.0, 0, 0
    for place in range(len(negatives)):
        in_band = (begin <= negatives[place]) & (negatives[place] < end)
        counts = in_band & (values[place] > 0)
        push = slopes[place] if counts else 0.0
        found += in_band
        active += counts & (weights[place] > 0)
        total += weights[place] * values[place] if counts else 0.0
        slope += push
        pushes[place] += push
    return total, found, active, slope
