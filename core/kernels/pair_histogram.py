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


class Cut(NamedTuple):
    """What turns squared distances into slots. `limits` (S + 1,) are the largest squares at or below each edge, `below`
    is the largest under the first one.

    Edges in equal steps: a square times `scale`, or if `rooted` the root of that, less `offset` is how many of them it
    is up, in float32 but for the share `precision`. Others: `slots` (C,) has the slot of each range of squares from
    `low` on by the leading bits of a float32, `shift` of them left out, OPEN where an edge is in it; empty where steps
    are equal.
    """

    limits: np.ndarray
    below: float
    rooted: bool
    scale: float
    offset: np.float32
    precision: np.float32
    slots: np.ndarray
    low: np.int32
    shift: np.int32


class Moved(NamedTuple):
    """Points as they are given (N, D), and of them moved to their mean the squared lengths (N,) and the share that
    squares from products in float64 may be off, as in core/statistics/product_blocks.py. For products in float32 the
    lengths in that, too, and how much squares from them may be off; empty and 0 for products in float64."""

    given: np.ndarray
    norms: np.ndarray
    share: float
    rough_norms: np.ndarray
    off: np.float32


OPEN = np.uint32(1 << 31)  # of a slot: an edge is too near for float32
DOUBTED = np.uint16(1 << 15)  # of a bin in 16 bits: it may be one near it
_CACHED = 1024  # columns, of which the nearest cache holds all that is looked at together
_FEW = 32  # pairs, of which it is asked together whether any is doubted
PRODUCT = 1e-7  # as a share of a square, what it may be off that a slot in float32 allows for
_EVEN = 1e-5  # of a step, that edges in equal steps may be off


@njit(cache=True, nogil=True)
def count_products(
    products: np.ndarray, first: int, left: int, cut: Cut, moved: Moved, classes: Classes, counters: Counters
) -> int:
    """Count the pairs of points first, first + 1, ... with those from `left` on that come later.

    `products` (B, W) are -2 x the inner products, in float32 where lengths in that are given, otherwise in float64.
    Returns the number of pairs beyond the edges.
    """
    beyond, width = 0, products.shape[1]
    slots = np.zeros(width + 8, np.uint32)[:width]
    most = np.sqrt(1.02 * moved.share / PRODUCT)
    for index in range(len(products)):
        row = first + index
        begin = max(row + 1 - left, 0)
        if begin < width:
            least = (2 * most / (1 - most)) ** 2 * moved.norms[row]  # a square up to which products are too far off
            some, others = products[index, begin:], moved.norms[left + begin : left + width]
            if len(moved.rough_norms):
                rough = moved.rough_norms[left + begin : left + width]
                if moved.off:
                    _find_rough_slots(some, moved.rough_norms[row], rough, cut, moved.off, slots[begin:])
                else:
                    _find_slots_either_side(some, moved.rough_norms[row], rough, cut, slots[begin:])
            elif len(cut.slots):
                _look_up_slots(some, moved.norms[row], others, cut, least, slots[begin:])
            else:
                _find_slots(some, moved.norms[row], others, cut, least, slots[begin:])
            beyond += _settle_open(some, row, left + begin, cut, moved, slots[begin:])
            _count_row(slots, begin, row, left, classes, counters)
    return beyond


@njit(cache=True, nogil=True)
def find_bins(
    products: np.ndarray,
    first: int,
    left: int,
    cut: Cut,
    of_cells: np.ndarray,
    moved: Moved,
    bins: np.ndarray,
    column: int,
) -> None:
    """Products as in `count_products`, of points first, first + 1, ... with W points from `left` on -> the bin of each
    pair, the outer ones for what lies beyond the edges; any for a point with itself. They go into the rows of `bins`
    (B, V) from a column on. The cut has slots to look up; `of_cells` (C,) uint16 are the bins of these for products in
    float32, with DOUBTED where the slot is open."""
    width = products.shape[1]
    if len(moved.rough_norms):
        squares, cells = np.empty(_CACHED, np.float32), np.empty(_CACHED, np.uint32)
        for begin in range(0, width, _CACHED):
            end = min(begin + _CACHED, width)
            norms, some = moved.rough_norms[left + begin : left + end], cells[: end - begin]
            for index in range(len(products)):
                row = first + index
                _find_cells(products[index, begin:end], moved.rough_norms[row], norms, cut, squares, some)
                found = bins[index, column + begin : column + end]
                for place in range(len(found)):
                    # Without a sign: a place that may be negative would be looked at twice.
                    found[place] = of_cells[np.uint64(some[place])]
                _settle_doubted(squares, row, left + begin, cut, moved, found)
        return
    slots = np.zeros(width + 8, np.uint32)[:width]
    most, others = np.sqrt(1.02 * moved.share / PRODUCT), moved.norms[left : left + width]
    for index in range(len(products)):
        row = first + index
        least = (2 * most / (1 - most)) ** 2 * moved.norms[row]
        _look_up_slots(products[index], moved.norms[row], others, cut, least, slots)
        if left <= row < left + width:
            slots[row - left] = 1
        _settle_open(products[index], row, left, cut, moved, slots)
        for place in range(width):
            bins[index, column + place] = max(slots[place], np.uint32(1)) - np.uint32(1)


@njit(nogil=True)
def _find_cells(
    products: np.ndarray, own: np.float32, norms: np.ndarray, cut: Cut, squares: np.ndarray, cells: np.ndarray
) -> None:
    """The square of each pair from products in float32, and the range that it is in."""
    bits, last, low, shift, zero = squares.view(np.int32), np.int32(len(cut.slots) - 1), cut.low, cut.shift, np.int32(0)
    for other in range(len(products)):
        square = own + norms[other] + products[other]
        squares[other] = square if square > np.float32(0) else np.float32(0)
    for other in range(len(products)):
        cell = (bits[other] - low) >> shift
        cell = cell if cell > zero else zero
        cells[other] = np.uint32(cell if cell < last else last)


@njit(nogil=True)
def _settle_doubted(squares: np.ndarray, row: int, left: int, cut: Cut, moved: Moved, bins: np.ndarray) -> None:
    """Find the bins that are doubted, by float64 and what that leaves open by direct differences."""
    limits, off, last = cut.limits, np.float64(moved.off), len(cut.limits) - 1
    for begin in range(0, len(bins), _FEW):
        few, most = bins[begin : begin + _FEW], np.uint16(0)
        for place in range(len(few)):
            most = max(most, few[place])  # 16 at a time
        if most < DOUBTED:
            continue
        for place in range(begin, begin + len(few)):
            if bins[place] < DOUBTED:
                continue
            slot, square = np.int64(bins[place] & ~DOUBTED) + 1, np.float64(squares[place])
            while slot > 1 and square + off <= limits[slot - 1]:
                slot -= 1
            while slot < last and square - off > limits[slot]:
                slot += 1
            if (slot > 1 and square - off <= limits[slot - 1]) or (slot < last and square + off > limits[slot]):
                slot = _settled_near(moved.given[row], moved.given[left + place], limits, int(slot))
            bins[place] = slot - 1


@njit(nogil=True)
def _settled_near(point: np.ndarray, other: np.ndarray, limits: np.ndarray, slot: int) -> int:
    """The slot of two points between the outer limits, from one near it."""
    square = _square(point, other)
    slot, error = _moved(square, 0.0, limits, slot), (len(point) + 8) * 2.0**-52 * square
    if (slot > 0 and square - error <= limits[slot - 1]) or (slot < len(limits) and square + error > limits[slot]):
        slot = _moved(_direct_square(point, other), 0.0, limits, slot)
    return min(max(slot, 1), len(limits) - 1)


@njit(nogil=True)
def _find_slots(products: np.ndarray, own: float, norms: np.ndarray, cut: Cut, least: float, slots: np.ndarray) -> None:
    """A slot is found where the numbers a little below and above agree in it; the outer bins, which may be wider than
    the others, stay open."""
    rooted, scale, offset, even = cut.rooted, cut.scale, cut.offset, np.float32(_EVEN)
    zero, one, last = np.float32(0), np.float32(1), np.float32(len(cut.limits) - 2)
    up, down = one + cut.precision, one - cut.precision
    outside, beyond, sign = np.float32(-1), last + one, np.int32(-(1 << 31))
    for other in range(len(products)):
        square = own + norms[other] + products[other]
        rough = np.float32(square * scale if square > least else 0.0)
        value = np.sqrt(rough) if rooted else rough
        # The highest and the lowest step that the true square can be in; where they agree no rounding decides.
        upper, lower = value * up - offset + even, value * down - offset - even
        upper = upper if upper < last else beyond
        upper = upper if upper > zero else zero
        lower = lower if lower > one else outside
        lower = lower if lower < last else last
        below = np.int32(lower)
        # Where they differ the sign bit of the difference becomes OPEN: no branch, 8 at a time.
        slots[other] = np.uint32(((below - np.int32(upper)) & sign) | (below + np.int32(1)))


@njit(nogil=True)
def _find_rough_slots(
    products: np.ndarray, own: np.float32, norms: np.ndarray, cut: Cut, off: np.float32, slots: np.ndarray
) -> None:
    """The same from products in float32: the numbers agreed on are of the smallest and the largest possible square."""
    rooted, scale, offset, even = cut.rooted, np.float32(cut.scale), cut.offset, np.float32(_EVEN if off else 0)
    zero, one, last = np.float32(0), np.float32(1), np.float32(len(cut.limits) - 2)
    precision = cut.precision if off else zero
    up, down = one + precision, one - precision
    outside, beyond, sign = np.float32(-1), last + one, np.int32(-(1 << 31))
    for other in range(len(products)):
        square = own + norms[other] + np.float32(products[other])
        low, high = square - off, square + off
        low, high = (low if low > zero else zero) * scale, (high if high > zero else zero) * scale
        upper = (np.sqrt(high) if rooted else high) * up - offset + even
        lower = (np.sqrt(low) if rooted else low) * down - offset - even
        upper = upper if upper < last else beyond
        upper = upper if upper > zero else zero
        lower = lower if lower > one else outside
        lower = lower if lower < last else last
        below = np.int32(lower)
        slots[other] = np.uint32(((below - np.int32(upper)) & sign) | (below + np.int32(1)))


@njit(nogil=True)
def _find_slots_either_side(
    products: np.ndarray, own: np.float32, norms: np.ndarray, cut: Cut, slots: np.ndarray
) -> None:
    """The same where a square near to a limit may be on either side of it: open are the outer bins alone."""
    rooted, scale, offset = cut.rooted, np.float32(cut.scale), cut.offset
    zero, one, last = np.float32(0), np.float32(1), np.float32(len(cut.limits) - 2)
    outside, beyond, sign = np.float32(-1), last + one, np.int32(-(1 << 31))
    for other in range(len(products)):
        square = own + norms[other] + np.float32(products[other])
        square = (square if square > zero else zero) * scale
        value = (np.sqrt(square) if rooted else square) - offset
        upper = value if value < last else beyond
        upper = upper if upper > zero else zero
        lower = value if value > one else outside
        lower = lower if lower < last else last
        below = np.int32(lower)
        slots[other] = np.uint32(((below - np.int32(upper)) & sign) | (below + np.int32(1)))


@njit(nogil=True)
def _look_up_slots(
    products: np.ndarray, own: float, norms: np.ndarray, cut: Cut, least: float, slots: np.ndarray
) -> None:
    rough = np.empty(len(products), np.float32)
    for other in range(len(products)):
        square = own + norms[other] + products[other]
        rough[other] = square if square > least else 0.0
    _look_up(rough, cut, slots)


@njit(nogil=True)
def _look_up(rough: np.ndarray, cut: Cut, slots: np.ndarray) -> None:
    bits, last = rough.view(np.int32), np.int32(len(cut.slots) - 1)
    low, shift, found = cut.low, cut.shift, cut.slots
    for other in range(len(rough)):
        # Floats above 0 are in the order of their bits, so leading bits are cells that widen with the number.
        cell = (bits[other] - low) >> shift
        cell = cell if cell > 0 else np.int32(0)
        cell = cell if cell < last else last
        slots[other] = found[cell]


@njit(nogil=True)
def _settle_open(products: np.ndarray, row: int, left: int, cut: Cut, moved: Moved, slots: np.ndarray) -> int:
    """Find the slots that are open, from where they are; the number of pairs beyond the edges."""
    most = np.uint32(0)
    for place in range(len(slots)):
        most = max(most, slots[place])
    if most < OPEN:  # as mostly where pairs near an edge may be on either side of it
        return 0
    beyond, limits, last = 0, cut.limits, len(cut.limits) - 1
    rough_norms, off = moved.rough_norms, np.float64(moved.off)
    is_rough = off > 0
    places, size = np.empty(len(slots), np.int32), np.uint64(0)
    for place in range(len(slots)):  # without a branch on what is as good as random
        places[size] = place
        size += np.uint64(slots[place] >= OPEN)
    for place in places[: np.int64(size)]:
        slot = np.int64(slots[place] & ~OPEN)
        if is_rough:  # most are further from an edge than their product is off
            square = np.float64(rough_norms[row] + rough_norms[left + place] + np.float32(products[place]))
            while slot > 0 and square + off <= limits[slot - 1]:
                slot -= 1
            while slot <= last and square - off > limits[slot]:
                slot += 1
            if 0 < slot <= last and limits[slot - 1] < square - off and square + off <= limits[slot]:
                slots[place] = slot
                continue
        slot, is_beyond = _settled(products[place], row, left + place, cut, moved, int(slot))
        slots[place] = slot
        beyond += is_beyond
    return beyond


@njit(nogil=True)
def _settled(product: float, row: int, column: int, cut: Cut, moved: Moved, slot: int) -> tuple[int, bool]:
    """The slot of one pair from one near it, by float64 and where that leaves it open by direct differences; whether it
    is beyond the edges."""
    limits, last = cut.limits, len(cut.limits) - 1
    if len(moved.rough_norms):
        # From the points as they are given: what moving them rounds does not come in.
        square = _square(moved.given[row], moved.given[column])
        error = (moved.given.shape[1] + 8) * 2.0**-52 * square
    else:
        square = max(moved.norms[row] + moved.norms[column] + product, 0.0)
        # Twice the sum is at least the square of 2 a + d.
        error = 2.02 * moved.share * (4 * moved.norms[row] + square)
    slot = _moved(square, error, limits, slot)
    if slot == 0 or square - error <= limits[slot - 1] or (slot <= last and square + error > limits[slot]):
        square = _direct_square(moved.given[row], moved.given[column])
        slot = _moved(square, 0.0, limits, slot)
    return min(slot, last), slot > last or (slot == 0 and square <= cut.below)


@njit(nogil=True)
def _moved(square: float, error: float, limits: np.ndarray, slot: int) -> int:
    """From a slot to the one of a square that is off by at most so much."""
    last = len(limits) - 1
    while slot > 0 and square + error <= limits[slot - 1]:
        slot -= 1
    while slot <= last and square - error > limits[slot]:
        slot += 1
    return slot


@njit(nogil=True, fastmath={"reassoc", "contract"})
def _square(point: np.ndarray, other: np.ndarray) -> float:
    """Added up in any order, so several at a time."""
    total = 0.0
    for dimension in range(len(point)):
        difference = np.float64(other[dimension]) - np.float64(point[dimension])
        total += difference * difference
    return total


@njit(nogil=True)
def _direct_square(point: np.ndarray, other: np.ndarray) -> float:
    """As core/kernels/direct_differences.py adds it up."""
    total = 0.0
    for dimension in range(len(point)):
        difference = np.float64(other[dimension]) - np.float64(point[dimension])
        total += difference * difference
    return total


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
        # The guess may be one off by rounding; the edges themselves move it.
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
        # At 65,536 bins the counters take 256 kB, which the second cache holds.
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
