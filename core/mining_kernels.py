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
        order = np.argsort(reached)
        reached = reached[order]
        best = np.full(end - begin, -1, np.int64)
        for column in range(count):
            if labels[column] != labels[anchor]:
                place = np.searchsorted(reached, row[column]) - 1
                if place >= 0 and (best[place] < 0 or row[column] < row[best[place]]):
                    best[place] = column
        nearest = -1
        for place in range(end - begin - 1, -1, -1):
            if best[place] >= 0 and (nearest < 0 or row[best[place]] < row[nearest]):
                nearest = best[place]
            found[begin + order[place]] = nearest
        begin = end
    return found


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


@njit(cache=True, nogil=True)
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
    """As sum_band of core/triplet_kernels.py, where every triplet counts 1 / (1 + exp((d_an - d_ap) / temperature)) to
    the power `focus`. One triplet at a time: the weights leave nothing to count in bulk."""
    total, found, active = 0.0, 0, 0
    number = distances.dtype.type
    slopes[:] = 0
    for anchor in range(len(labels)):
        row, slope = distances[anchor], slopes[anchor]
        is_negative = labels != labels[anchor]
        negatives = np.nonzero(is_negative)[0]
        for positive in range(len(labels)):
            if is_negative[positive] or positive == anchor:
                continue
            nearest, limit = row[positive] + number(low), row[positive] + number(high)
            for negative in negatives:
                if not nearest <= row[negative] < limit:
                    continue
                found += 1
                difference = row[positive] - row[negative]
                if is_soft:
                    value = max(difference, 0.0) + np.log1p(np.exp(-abs(difference)))
                    steepness = 1 / (1 + np.exp(-difference))
                else:
                    value, steepness = difference + number(margin), 1.0
                if value <= 0:
                    continue
                weight = (1 / (1 + np.exp(-difference / temperature))) ** focus
                active += weight > 0
                total += weight * value
                slope[positive] += weight * steepness
                slope[negative] -= weight * steepness
    return total, found, active
