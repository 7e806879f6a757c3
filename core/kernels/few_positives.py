"""The triplet census of anchors with few positives, among many negatives that need no order; compiled, exact.

One walk over a row of distances counts its negatives by cells of equal width. Only those that share a cell with a sum
of a positive and a margin are compared with it; all in earlier cells are smaller, since the cell of a number never
falls as the number rises. Putting all negatives in order would cost several
times as much.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

_WIDEST = 8  # cells that the slack of a sum may reach over
_CROWDED = 4  # a row is crowded where one in so many of its negatives shares a cell with a sum


class Kinds(NamedTuple):
    """The numbers (N,) of all points' classes, of which class c has the points order[begins[c]:begins[c + 1]]."""

    numbers: np.ndarray
    order: np.ndarray
    begins: np.ndarray


class Slack(NamedTuple):
    """How far distances of B rows may be off, as `product_blocks.Reach` says it."""

    share: float
    rooted: bool
    lengths: np.ndarray


class Cells(NamedTuple):
    """Room for one row: the cell of each column (N,); of each cell how many negatives are in it and in those before it,
    whether a sum asks for them, and where they begin among those that are `listed` by cell."""

    of_columns: np.ndarray
    counts: np.ndarray
    below: np.ndarray
    is_asked: np.ndarray
    begins: np.ndarray
    listed: np.ndarray
    chosen: np.ndarray


@njit(cache=True, nogil=True)
def count_closer_to_few(
    distances: np.ndarray,
    own: np.ndarray,
    kinds: Kinds,
    added: np.ndarray,
    slack: Slack,
    counts: np.ndarray,
    local_aucs: np.ndarray,
    is_doubtful: np.ndarray,
    is_crowded: np.ndarray,
) -> None:
    """Distances (B, N) of the points `own` (B,) and ascending (M,), the first of them 0 -> for each the number of
    (positive, negative) of each anchor with negative < positive + added, (B, M); the share of pairs with the positive
    closer, ties counted half, (B,), NaN where there is none.

    Noted are the anchors (B,) of which a sum comes so near to a negative that distances may be too far off to tell, and
    those (B,) whose negatives crowd around sums: nothing is counted of these.
    """
    cells = _room(distances.shape[1])
    for index in range(len(distances)):
        row, number = distances[index], kinds.numbers[own[index]]
        same = kinds.order[kinds.begins[number] : kinds.begins[number + 1]]
        positives = _positives(row, same, own[index])
        if not len(positives) or len(same) == len(row):
            continue
        wide = row.max()
        doubts = _doubts(positives, added, wide, slack.share, slack.rooted, slack.lengths[index])
        most = max(doubts.max(), 0.0)
        low, high = positives[0] - most, min(positives[-1] + added[-1] + most, wide)
        # What is closer than every sum has the first cell to itself, and what is further the last.
        scale = (len(cells.counts) - 4.0) / (high - low) if high > low else 0.0
        low -= 1.5 / scale if scale > 0.0 else 0.0
        if not 0.0 < scale < np.inf or not _ask(positives, added, doubts, low, scale, cells.is_asked):
            is_crowded[index] = True
            continue
        _count_cells(row, same, low, scale, cells)
        if not _list_asked(row, kinds.numbers, number, cells):
            is_crowded[index] = True
            continue
        negatives = len(row) - len(same)
        is_near, closer, ties = _compare(positives, added, doubts, low, scale, cells, counts[index])
        is_doubtful[index] |= is_near
        local_aucs[index] = 1 - (closer + ties / 2) / (len(positives) * negatives)


@njit(nogil=True)
def _room(columns: int) -> Cells:
    cells = 16  # some three columns to each
    while 4 * cells < columns:
        cells *= 2
    whole, flags = np.zeros((3, cells), np.int32), np.zeros(cells, np.bool_)
    return Cells(
        np.empty(columns, np.int32), whole[0], whole[1], flags, whole[2], np.empty(columns), np.empty(columns, np.int32)
    )


@njit(nogil=True)
def _positives(row: np.ndarray, same: np.ndarray, own: int) -> np.ndarray:
    """The distances to the others of the own class, ascending."""
    found, size = np.empty(len(same)), 0
    for column in same:
        if column != own:
            found[size] = row[column]
            size += 1
    return np.sort(found[:size])


@njit(nogil=True)
def _doubts(
    positives: np.ndarray, added: np.ndarray, highest: float, share: float, rooted: bool, length: float
) -> np.ndarray:
    """How near a negative may be to each sum and yet lie on the other side of it (K, M); -1 where nothing is off."""
    doubts = np.full((len(positives), len(added)), -1.0)
    if share:
        width = length if rooted else 4 * length**2
        for place in range(len(positives)):
            for step in range(len(added)):
                rest = 4 * (share + 2.0**-50) * (width + highest + added[step])
                doubts[place, step] = 2 * _slack_at(positives[place], share, rooted, length) + rest
    return doubts


@njit(nogil=True)
def _slack_at(distance: float, share: float, rooted: bool, length: float) -> float:
    """`neighbour_order.slack_at`, which stands here once more: a kernel calls compiled functions of its own file."""
    reach = 2.0 * length + (distance if rooted else np.sqrt(distance))
    error = 1.01 * share * reach * reach
    if not rooted:
        return error
    least = np.sqrt(error)
    return (error / distance if distance > least else least) + 2.0**-51 * distance


@njit(nogil=True, inline="always")
def _cell(value: float, low: float, scale: float, last: float) -> np.int32:
    """0 up to `last`, never falling as the value rises."""
    place = (value - low) * scale
    place = place if place > 0.0 else 0.0
    return np.int32(place if place < last else last)


@njit(nogil=True)
def _ask(
    positives: np.ndarray, added: np.ndarray, doubts: np.ndarray, low: float, scale: float, is_asked: np.ndarray
) -> bool:
    """Mark the cells of all sums, as far as these may be off; False where one reaches over too many."""
    last = len(is_asked) - 1.0
    is_asked[:] = False
    for place in range(len(positives)):
        for step in range(len(added)):
            limit, doubt = positives[place] + added[step], max(doubts[place, step], 0.0)
            first, end = _cell(limit - doubt, low, scale, last), _cell(limit + doubt, low, scale, last)
            if end - first > _WIDEST:
                return False
            is_asked[first : end + 1] = True
    return True


@njit(nogil=True)
def _count_cells(row: np.ndarray, same: np.ndarray, low: float, scale: float, cells: Cells) -> None:
    """The cell of every column, and how many negatives each cell has."""
    last, of_columns, counts = len(cells.counts) - 1.0, cells.of_columns, cells.counts
    for column in range(len(row)):
        of_columns[column] = _cell(row[column], low, scale, last)
    counts[:] = 0
    for column in range(len(row)):
        counts[of_columns[column]] += 1
    for column in same:
        counts[of_columns[column]] -= 1


@njit(nogil=True)
def _list_asked(row: np.ndarray, numbers: np.ndarray, number: int, cells: Cells) -> bool:
    """List the negatives in cells that are asked for, cell by cell; False where they are too many."""
    is_asked, of_columns, chosen, size = cells.is_asked, cells.of_columns, cells.chosen, 0
    for column in range(len(row)):  # without a branch, since what is asked for is as good as random
        chosen[size] = column
        size += is_asked[of_columns[column]]
    if _CROWDED * size > len(row):
        return False
    below, listed = np.int32(0), np.int32(0)
    for cell in range(len(is_asked)):
        cells.below[cell], cells.begins[cell] = below, listed
        below += cells.counts[cell]
        listed += cells.counts[cell] if is_asked[cell] else 0
    for column in chosen[:size]:
        if numbers[column] != number:
            cell = of_columns[column]
            cells.listed[cells.begins[cell]] = row[column]
            cells.begins[cell] += 1  # after the last one it is the end of its cell
    return True


@njit(nogil=True)
def _compare(
    positives: np.ndarray,
    added: np.ndarray,
    doubts: np.ndarray,
    low: float,
    scale: float,
    cells: Cells,
    counts: np.ndarray,
) -> tuple[bool, int, int]:
    """Count for each margin; whether a negative is too near to a sum, and of the positives themselves the number of
    negatives that are closer and that are as close."""
    last, is_near, ties = len(cells.counts) - 1.0, False, 0
    for step in range(len(added)):
        total = 0
        for place in range(len(positives)):
            limit, doubt = positives[place] + added[step], doubts[place, step]
            here = _cell(limit, low, scale, last)
            total += cells.below[here]
            for other in cells.listed[cells.begins[here] - cells.counts[here] : cells.begins[here]]:
                total += other < limit
                ties += step == 0 and other == limit
            if doubt >= 0:
                first, end = _cell(limit - doubt, low, scale, last), _cell(limit + doubt, low, scale, last)
                for other in cells.listed[cells.begins[first] - cells.counts[first] : cells.begins[end]]:
                    is_near |= abs(other - limit) <= doubt
        counts[step] = total
    return is_near, counts[0], ties
