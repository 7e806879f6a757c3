"""The triplet census of anchors with few positives, among many negatives that need no order; compiled, exact.

One walk over a row of squared distances, as float32 products give them, counts its negatives by cells of equal width.
Only those that share a cell with a sum of a positive and a margin, as far as products may be off, are compared with it:
first as they are, and those too near to tell by direct differences of the points. All in earlier cells are smaller,
since the cell of a number never falls as the number rises. Putting all negatives in order would cost several times as
much.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

_CACHED = 1024  # columns, whose cells are found before those of the next ones
_WIDEST = 8  # cells that a sum may reach over
_APART = 6  # cells to a sum, so that most cells have none
_CROWDED = 4  # a row is crowded where one in so many of its negatives shares a cell with a sum


class Kinds(NamedTuple):
    """Of N points in order of class: the number of each one's class (N,), where the points of class c begin, and so
    those of the class before it end, (C + 1,), and which place each point had before (N,)."""

    numbers: np.ndarray
    begins: np.ndarray
    places: np.ndarray


class Cells(NamedTuple):
    """Room for one row: the cells of some columns; of each cell how many negatives are in it and in those before it,
    whether a sum asks for it, and where it ends among the columns that are `listed` by cell."""

    some: np.ndarray
    counts: np.ndarray
    below: np.ndarray
    is_asked: np.ndarray
    ends: np.ndarray
    listed: np.ndarray
    chosen: np.ndarray


class Sums(NamedTuple):
    """Of K positives and M margins (K, M): the sums, what their squares are within products being off, and the first
    and the last cell that this reaches over; and of each positive how many margins leave it within the row (K,). All
    negatives are closer than the sums of the others, of which nothing is kept."""

    sums: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    firsts: np.ndarray
    lasts: np.ndarray
    within: np.ndarray


@njit(cache=True, nogil=True)
def count_closer_to_few(
    squares: np.ndarray,
    first: int,
    kinds: Kinds,
    added: np.ndarray,
    errors: np.ndarray,
    points: np.ndarray,
    rooted: bool,
    counts: np.ndarray,
    local_aucs: np.ndarray,
    is_crowded: np.ndarray,
) -> None:
    """Squares (B, N) float32 of the distances of the points first, first + 1, ..., off by at most `errors` (B,), and
    ascending (M,), the first of them 0 -> for each the number of (positive, negative) of each anchor with negative <
    positive + added, (B, M); the share of pairs with the positive closer, ties counted half, (B,), NaN where there is
    none.

    Compared are the distances of the points (N, D) as core/statistics/distance_blocks.py has them, squares unless
    `rooted`. Nothing is counted of anchors (B,) whose negatives crowd around sums, and these are noted.
    """
    most = 0
    for number in kinds.numbers[first : first + len(squares)]:
        most = max(most, kinds.begins[number + 1] - kinds.begins[number] - 1)
    cells = _room(squares.shape[1], most * len(added))
    for index in range(len(squares)):
        row, own = squares[index], first + index
        same = kinds.begins[kinds.numbers[own]], kinds.begins[kinds.numbers[own] + 1]
        size = same[1] - same[0]
        if size < 2 or size == len(row):
            continue
        positives, wide = _positives(points, same, own, rooted), np.float64(_largest(row))
        sums = _sums_of(positives, added, errors[index], (points.shape[1] + 32) * 2.0**-50, rooted, wide)
        low, high = sums.lows[0, 0], wide if sums.within[-1] < len(added) else min(sums.highs[-1, -1], wide)
        # What is closer than every sum has the first cell to itself, and what is further the last.
        scale = (len(cells.counts) - 4.0) / (high - low) if high > low else 0.0
        low -= 1.5 / scale if scale > 0.0 else 0.0
        if not 0.0 < scale < 1e37 or not _ask(sums, np.float32(low), np.float32(scale), cells.is_asked):
            is_crowded[index] = True
            continue
        if not _list_asked(row, same, np.float32(low), np.float32(scale), cells):
            is_crowded[index] = True
            continue
        negatives = len(row) - size
        closer, ties = _compare(row, own, negatives, sums, cells, points, rooted, counts[index])
        local_aucs[index] = 1 - (closer + ties / 2) / ((size - 1) * negatives)


@njit(nogil=True)
def _room(columns: int, sums: int) -> Cells:
    cells = 16  # at most eight columns to each, and several cells to a sum
    while 8 * cells < columns or cells < _APART * sums:
        cells *= 2
    whole, flags = np.zeros((3, cells), np.int32), np.zeros(cells, np.bool_)
    listed, chosen = np.empty((2, columns), np.int32)
    return Cells(np.empty(_CACHED, np.uint32), whole[0], whole[1], flags, whole[2], listed, chosen)


@njit(nogil=True)
def _distance(points: np.ndarray, row: int, column: int, rooted: bool) -> float:
    """As core/kernels/direct_differences.py adds it up."""
    total = 0.0
    for dimension in range(points.shape[1]):
        difference = np.float64(points[column, dimension]) - np.float64(points[row, dimension])
        total += difference * difference
    return np.sqrt(total) if rooted else total


@njit(nogil=True)
def _largest(squares: np.ndarray) -> np.float32:
    """Of float32 that are not negative: their bits are in the same order, and go several at a time."""
    bits = squares.view(np.int32)
    largest = np.int32(0)
    for place in range(len(bits)):
        largest = max(largest, bits[place])
    return np.array([largest]).view(np.float32)[0]


@njit(nogil=True)
def _positives(points: np.ndarray, same: tuple[int, int], own: int, rooted: bool) -> np.ndarray:
    """The distances to the others of the own class, ascending."""
    found, size = np.empty(same[1] - same[0] - 1), 0
    for column in range(same[0], same[1]):
        if column != own:
            found[size] = _distance(points, own, column, rooted)
            size += 1
    return np.sort(found)


@njit(nogil=True)
def _sums_of(positives: np.ndarray, added: np.ndarray, error: float, rest: float, rooted: bool, wide: float) -> Sums:
    """`rest` is, as a share of a square, what roots and direct differences round; `wide` the largest of the row."""
    shape = len(positives), len(added)
    sums, lows, highs = np.empty(shape), np.empty(shape), np.empty(shape)
    within = np.full(len(positives), len(added))
    for place in range(len(positives)):
        for step in range(len(added)):
            limit = positives[place] + added[step]
            square = limit * limit if rooted else limit
            reach = error + rest * square
            sums[place, step], lows[place, step], highs[place, step] = limit, square - reach, square + reach
            if square - reach > wide:
                within[place] = step
                break
    return Sums(sums, lows, highs, np.empty(shape, np.int32), np.empty(shape, np.int32), within)


@njit(nogil=True, inline="always")
def _cell(value: np.float32, low: np.float32, scale: np.float32, last: np.float32) -> np.int32:
    """0 up to `last`, never falling as the value rises."""
    place = (value - low) * scale
    place = place if place > np.float32(0) else np.float32(0)
    return np.int32(place if place < last else last)


@njit(nogil=True)
def _ask(sums: Sums, low: np.float32, scale: np.float32, is_asked: np.ndarray) -> bool:
    """Mark the cells of all sums; False where one reaches over too many."""
    last = np.float32(len(is_asked) - 1)
    is_asked[:] = False
    for place in range(len(sums.sums)):
        for step in range(sums.within[place]):
            # A little wider, since float32 rounds either way.
            under = np.float32(sums.lows[place, step]) - np.float32(2.4e-7) * abs(np.float32(sums.lows[place, step]))
            over = np.float32(sums.highs[place, step]) * np.float32(1 + 2.4e-7)
            first, end = _cell(under, low, scale, last), _cell(over, low, scale, last)
            if end - first > _WIDEST:
                return False
            for cell in range(first, end + 1):
                is_asked[cell] = True
            sums.firsts[place, step], sums.lasts[place, step] = first, end
    return True


@njit(nogil=True)
def _list_asked(row: np.ndarray, same: tuple[int, int], low: np.float32, scale: np.float32, cells: Cells) -> bool:
    """Count the negatives by cell, and list those in cells that are asked for, cell by cell; False where these are too
    many."""
    is_asked, some, counts, chosen = cells.is_asked, cells.some, cells.counts, cells.chosen
    last, size = np.float32(len(counts) - 1), 0
    counts[:] = 0
    for left in range(0, len(row), _CACHED):
        here = row[left : left + _CACHED]
        for place in range(len(here)):
            some[place] = _cell(here[place], low, scale, last)
        for place in range(len(here)):  # without a branch, since what is asked for is as good as random
            cell = some[place]
            counts[cell] += 1
            chosen[size] = left + place
            size += is_asked[cell]
    for column in range(same[0], same[1]):
        counts[_cell(row[column], low, scale, last)] -= 1
    if _CROWDED * size > len(row):
        return False
    below, listed = np.int32(0), np.int32(0)
    for cell in range(len(is_asked)):
        cells.below[cell], cells.ends[cell] = below, listed
        below += counts[cell]
        listed += counts[cell] if is_asked[cell] else 0
    for column in chosen[:size]:
        if not same[0] <= column < same[1]:
            cell = _cell(row[column], low, scale, last)
            cells.listed[cells.ends[cell]] = column
            cells.ends[cell] += 1
    return True


@njit(nogil=True)
def _compare(
    row: np.ndarray,
    own: int,
    negatives: int,
    sums: Sums,
    cells: Cells,
    points: np.ndarray,
    rooted: bool,
    counts: np.ndarray,
) -> tuple[int, int]:
    """Count for each margin; of the positives themselves the number of negatives that are closer and that are as
    close."""
    ties, below, inside, ends, listed = 0, cells.below, cells.counts, cells.ends, cells.listed
    counts[:] = 0
    for place in range(len(sums.sums)):
        counts[sums.within[place] :] += negatives
        for step in range(sums.within[place]):
            first, low, high = sums.firsts[place, step], sums.lows[place, step], sums.highs[place, step]
            begin, end, smaller, within = ends[first] - inside[first], ends[sums.lasts[place, step]], 0, 0
            for index in range(begin, end):  # without a branch, of which half would be guessed wrongly
                square = row[listed[index]]
                smaller += square < low
                within += square <= high
            counts[step] += below[first] + smaller
            if within > smaller:
                for column in listed[begin:end]:
                    if low <= row[column] <= high:
                        distance = _distance(points, own, column, rooted)
                        counts[step] += distance < sums.sums[place, step]
                        ties += step == 0 and distance == sums.sums[place, step]
    return counts[0], ties
