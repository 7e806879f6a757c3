"""The counting under the pair histogram: compiled, free of the interpreter's lock.

A row of a tile becomes slot numbers, which stay in the nearest cache, and those are counted at once. Slot k > 0 holds
what is in (edge k - 1, edge k], slot 0 what equals the first edge. Refused: several runs of counters that take turns,
so that none is read again before it is written; with few bins they save nothing, with many they do not stay cached.
"""

from typing import NamedTuple

import numpy as np
from numba import njit


class Classes(NamedTuple):
    """Of N points in order of class: the number of each one's class (N,), and where that class ends (N,)."""

    numbers: np.ndarray
    ends: np.ndarray


class Counters(NamedTuple):
    """Pairs by kind (0 different classes, 1 the same), int32: by slot (2, S + 1), and by class and coarse slot
    (2, C, S / 2^shift + 1), where C is 0 unless classes are counted."""

    fine: np.ndarray
    coarse: np.ndarray
    shift: int


class Scaled(NamedTuple):
    """What turns products into slots: squared lengths (N,) float32 in steps of the edges, whether slots are counted
    along the root, the number of slots S, the largest square that still counts as within the edges, and the next copy
    of each point (N,), -1 for none."""

    norms: np.ndarray
    rooted: bool
    last: np.float32
    largest: np.float32
    next_copy: np.ndarray


@njit(cache=True, nogil=True)
def count_products(
    products: np.ndarray,
    first: int,
    left: int,
    scaled: Scaled,
    copies: np.ndarray,
    classes: Classes,
    counters: Counters,
) -> int:
    """Count the pairs of points first, first + 1, ... with those from `left` on that come later.

    `products` (B, W) float32 are -2 x the inner products. `copies` (B,) are the next copies of the rows at `left` or
    later, and move on. Returns the number of pairs beyond the edges.
    """
    beyond, width = 0, products.shape[1]
    slots = np.empty(width, np.uint32)
    for index in range(len(products)):
        row = first + index
        begin = max(row + 1 - left, 0)
        if begin < width:
            others = scaled.norms[left + begin : left + width]
            beyond += _find_slots(products[index, begin:], scaled.norms[row], others, scaled, slots[begin:])
            copy = copies[index]
            while 0 <= copy < left + width:
                slots[copy - left] = 0
                copy = scaled.next_copy[copy]
            copies[index] = copy
            _count_row(slots, begin, row, left, classes, counters)
    return beyond


@njit(cache=True, nogil=True)
def count_distances(
    distances: np.ndarray, first: int, left: int, edges: np.ndarray, classes: Classes, counters: Counters
) -> int:
    """`count_products` from the distances themselves (B, W) float64: what equals an edge is at or below it."""
    beyond, width = 0, distances.shape[1]
    slots = np.empty(width, np.uint32)
    for index in range(len(distances)):
        row = first + index
        begin = max(row + 1 - left, 0)
        if begin < width:
            beyond += _find_exact_slots(distances[index, begin:], edges, slots[begin:])
            _count_row(slots, begin, row, left, classes, counters)
    return beyond


@njit(nogil=True)
def _find_slots(products: np.ndarray, own: np.float32, norms: np.ndarray, scaled: Scaled, slots: np.ndarray) -> int:
    zero, last, largest, rooted = np.float32(0), scaled.last, scaled.largest, scaled.rooted
    beyond = np.int32(0)
    for other in range(len(products)):
        value = own + norms[other] + products[other]
        beyond = np.int32(beyond + np.int32(not value <= largest))  # 32 bits wide, so that 8 or 16 run at a time
        value = value if value > zero else zero
        value = np.sqrt(value) if rooted else value
        value = value if value < last else last
        slots[other] = np.uint32(np.int32(np.ceil(value)))
    return int(beyond)


@njit(nogil=True)
def _find_exact_slots(distances: np.ndarray, edges: np.ndarray, slots: np.ndarray) -> int:
    """A guess by equal steps between all edges but the first and the last, then whatever the edges themselves say."""
    last = len(edges) - 1
    scale = (last - 2) / (edges[-2] - edges[1]) if last > 2 else 0.0
    beyond = 0
    for other in range(len(distances)):
        value = distances[other]
        if not edges[0] <= value <= edges[-1]:
            beyond += 1
            slots[other] = 0
            continue
        slot = min(max(1 + int(np.ceil((value - edges[1]) * scale)), 0), last)
        while slot > 0 and value <= edges[slot - 1]:
            slot -= 1
        while value > edges[slot]:
            slot += 1
        slots[other] = slot
    return beyond


@njit(nogil=True)
def _count_row(slots: np.ndarray, begin: int, row: int, left: int, classes: Classes, counters: Counters) -> None:
    """Of the columns from `begin` on, those of the row's own class come first."""
    end = min(max(classes.ends[row] - left, begin), len(slots))
    same, different = slots[begin:end], slots[end:]
    _count(same, counters.fine[1])
    _count(different, counters.fine[0])
    if counters.coarse.shape[1]:
        numbers = classes.numbers[left + end : left + len(slots)]
        _count_coarse(same, counters.coarse[1, classes.numbers[row]], counters.shift)
        _count_for_both(different, classes.numbers[row], numbers, counters.coarse[0], counters.shift)


@njit(nogil=True)
def _count(slots: np.ndarray, counts: np.ndarray) -> None:
    for place in range(len(slots)):
        counts[slots[place]] += 1


@njit(nogil=True)
def _count_coarse(slots: np.ndarray, counts: np.ndarray, shift: int) -> None:
    rest = (1 << shift) - 1
    for place in range(len(slots)):
        counts[np.uint32((slots[place] + rest) >> shift)] += 1


@njit(nogil=True)
def _count_for_both(slots: np.ndarray, own: int, others: np.ndarray, counts: np.ndarray, shift: int) -> None:
    """Each slot for the class of the row and for that of its column."""
    rest = (1 << shift) - 1
    of_own = counts[own]
    for place in range(len(slots)):
        slot = np.uint32((slots[place] + rest) >> shift)
        of_own[slot] += 1
        counts[others[place], slot] += 1
