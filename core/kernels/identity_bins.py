"""The pairs of every identity counted by bin, from the bins of its rows against all points; compiled.

Identities are blocks of consecutive points. The pairs of two of them are counted in one line of bins, which holds what
the sums need of them: how many pairs are in each bin, and how many in those before. Lines that are well filled are gone
through whole, several bins at a time; of others only the filled bins, which are noted as they are counted. Where
identities are many, the pairs of one with all others of a stripe share lines, one for each way of sharing groups: only
the squares of shares need the pairs of two by themselves, and those the lower of both counts alone.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

_LANES = 128  # pairs of identities, whose bins are put in order side by side
_TOGETHER = 32  # of these that go at a time: what is left over would be gone through one by one
_MOST_IN_ORDER = 256  # pairs of two identities; of more a line takes less
_FEWEST_ALIKE = 8  # identities of one size, from which on it pays to gather what is counted of them
_PAIR = np.int64(1) << np.int64(32)  # one pair, above the sum of places
_WHOLE = 10  # bins to a pair, up to which it pays to go through a whole line
# The place of the only bit of a number, by a multiplication that moves a pattern of its own to the top for each.
_PATTERN = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, np.int64)
for _place in range(64):
    _PLACES[(int(_PATTERN) << _place & (1 << 64) - 1) >> 58] = _place


class IdentityCounters(NamedTuple):
    """The ends and the sizes of all identities (C,), the first one that is counted, and the arrays of `IdentitySums` to
    add to: of each identity in the first groupings, of each group in all."""

    ends: np.ndarray
    sizes: np.ndarray
    groupings: np.ndarray
    firsts: np.ndarray
    first: int
    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray
    totals: np.ndarray


class Room(NamedTuple):
    """For the pairs of two identities: how many are in each bin (S,), and in those before (S,); the bins that have any
    as bits, and as a list with their counts."""

    line: np.ndarray
    before: np.ndarray
    marks: np.ndarray
    places: np.ndarray
    counts: np.ndarray


class Lines(NamedTuple):
    """Of one identity with the others of a stripe, by way of sharing groups and by bin: pairs, the shares they are of
    the pairs of each two identities, and what they add to the squares of these."""

    counts: np.ndarray
    shares: np.ndarray
    squares: np.ndarray


@njit(cache=True, nogil=True)
def count_identities(
    bins: np.ndarray, left: int, owns: tuple[int, int], others: tuple[int, int], into: IdentityCounters
) -> None:
    """Add the pairs of all rows of the identities `owns` (from, to) with all points of the `others`. Of the bins (B, W)
    rows begin with the first point of `owns`, columns with the point `left`. Each two identities are met from both
    sides, and the squares of their shares are added from that of the lower one."""
    room, top = _room(into.positive.shape[1]), into.ends[owns[0]] - into.sizes[owns[0]]
    for other in range(*others):
        begin, end = into.ends[other] - into.sizes[other] - left, into.ends[other] - left
        for own in range(*owns):
            start = into.ends[own] - into.sizes[own]
            # All pairs of two identities are one rectangle, since both are runs of points.
            rows = bins[start - top : into.ends[own] - top, begin:end]
            if own == other:
                _count_within(rows, 0, into.positive[own - into.first])
            # A whole line costs its length, a list some ten times the number of pairs.
            elif rows.size * _WHOLE >= len(room.line):
                lowest, highest = _count(rows, room.line)
                _add_line(room.line[lowest : highest + 1], room.before, lowest, own, other, into)
            else:
                filled = _list_in_order(rows, room) if own < other else _list(rows, room)
                _add_list(room.places[:filled], room.counts[:filled], own, other, into)


class Alike(NamedTuple):
    """Room for the pairs of one identity with others of one size: numbers of pairs and sums of places, by way of
    sharing groups and bin (ways * S,); bins of some of the others side by side (K * L,), and where the columns and
    the lines of these begin (L,). For others one by one a line and what comes before each bin (S,)."""

    sums: np.ndarray
    lanes: np.ndarray
    columns: np.ndarray
    firsts: np.ndarray
    line: np.ndarray
    before: np.ndarray


@njit(cache=True, nogil=True)
def count_many(
    bins: np.ndarray,
    left: int,
    owns: tuple[int, int],
    others: tuple[int, int],
    by_size: np.ndarray,
    is_once: bool,
    into: IdentityCounters,
) -> None:
    """`count_identities` for many of them, equal to it but for how shares are rounded: those of a stripe are put
    together in float64 first, so that the float32 of the sums rounds once for each stripe. `by_size` are the others in
    order of their size and, of one size, as they come. Where each two are met once, pairs with later ones are added to
    the sums of both, and none with earlier ones."""
    first_row = into.ends[owns[0]] - into.sizes[owns[0]]
    room, lines = _alike_room(into), _lines(into)
    for own in range(*owns):
        rows = bins[into.ends[own] - into.sizes[own] - first_row : into.ends[own] - first_row]
        if others[0] <= own < others[1]:
            here = rows[:, into.ends[own] - into.sizes[own] - left : into.ends[own] - left]
            _count_within(here, 0, into.positive[own - into.first])
        start = 0
        while start < len(by_size):
            size, stop = into.sizes[by_size[start]], start + 1
            while stop < len(by_size) and into.sizes[by_size[stop]] == size:
                stop += 1
            if stop - start >= _FEWEST_ALIKE and len(rows) * size <= _MOST_IN_ORDER:
                _count_alike(rows, left, own, by_size[start:stop], is_once, room, lines, into)
            else:
                _count_singly(rows, left, own, by_size[start:stop], is_once, room, lines, into)
            start = stop
        _add(lines, own, into)
    if is_once:
        # Of rows of one size all pairs are the same share of those of two identities, known from their number.
        is_alike = (into.sizes[owns[0] : owns[1]] == into.sizes[owns[0]]).all()
        for other in range(max(others[0], owns[0] + 1), others[1]):
            of_all = 1 / float(into.sizes[owns[0]] * into.sizes[other]) if is_alike else 0.0
            _count_earlier(bins, left, owns, other, of_all, lines, into)
            _add_earlier(lines, of_all, other, into)


@njit(nogil=True)
def _alike_room(into: IdentityCounters) -> Alike:
    steps, ways = into.positive.shape[1], 1 << (len(into.groupings) - 1)
    lanes, columns = np.zeros(_MOST_IN_ORDER * _LANES, np.uint16), np.zeros(_LANES, np.uint64)
    line, before = np.zeros(steps, np.int32), np.zeros(steps, np.int32)
    return Alike(np.zeros(ways * steps, np.int64), lanes, columns, np.zeros(_LANES, np.uint64), line, before)


@njit(nogil=True)
def _lines(into: IdentityCounters) -> Lines:
    steps, ways = into.positive.shape[1], 1 << (len(into.groupings) - 1)
    return Lines(np.zeros((ways, steps), np.int32), np.zeros((ways, steps)), np.zeros((ways, steps)))


@njit(nogil=True)
def _count_earlier(
    bins: np.ndarray,
    left: int,
    owns: tuple[int, int],
    other: int,
    of_all: float,
    lines: Lines,
    into: IdentityCounters,
) -> None:
    """The pairs of one identity with those of the rows that come before it; shares unless all are as large."""
    first_row = into.ends[owns[0]] - into.sizes[owns[0]]
    columns = bins[:, into.ends[other] - into.sizes[other] - left : into.ends[other] - left]
    for own in range(owns[0], min(other, owns[1])):
        pairs = columns[into.ends[own] - into.sizes[own] - first_row : into.ends[own] - first_row]
        way = _way(own, other, into.groupings)
        if of_all > 0:
            _count_bins(pairs, lines.counts[way])
        else:
            _count_both(pairs, 1 / float(into.sizes[own] * into.sizes[other]), lines.counts[way], lines.shares[way])


@njit(nogil=True)
def _count_bins(pairs: np.ndarray, counts: np.ndarray) -> None:
    for row in range(len(pairs)):
        for column in range(pairs.shape[1]):
            counts[np.uint64(pairs[row, column])] += 1


@njit(nogil=True)
def _add_earlier(lines: Lines, of_all: float, other: int, into: IdentityCounters) -> None:
    """To the sums of an identity, and empty the lines; the squares are with the earlier one of two."""
    for way in range(len(lines.counts)):
        counts, shares = lines.counts[way], lines.shares[way]
        for grouping in range(len(into.groupings)):
            if grouping and not (way >> (grouping - 1)) & 1:
                continue
            if grouping >= len(into.negative):
                _add_counts(counts, into.totals[into.firsts[grouping] + into.groupings[grouping, other]])
                continue
            _add_counts(counts, into.negative[grouping, other - into.first])
            if of_all > 0:
                _add_shares(counts, of_all, into.shares[grouping, other - into.first])
            else:
                _add_counts(shares, into.shares[grouping, other - into.first])
        counts[:] = 0
        if not of_all > 0:
            shares[:] = 0.0


@njit(nogil=True)
def _add_shares(counts: np.ndarray, of_all: float, shares: np.ndarray) -> None:
    for place in range(len(counts)):
        shares[place] += np.float64(counts[place]) * of_all


@njit(nogil=True)
def _count_singly(
    rows: np.ndarray,
    left: int,
    own: int,
    others: np.ndarray,
    is_once: bool,
    room: Alike,
    lines: Lines,
    into: IdentityCounters,
) -> None:
    """The pairs of one identity with others, each by itself."""
    line, before = room.line, room.before
    for other in others:
        pairs = rows[:, into.ends[other] - into.sizes[other] - left : into.ends[other] - left]
        of_all, way = 1 / float(into.sizes[own] * into.sizes[other]), _way(own, other, into.groupings)
        if other < own and not is_once:
            _count_both(pairs, of_all, lines.counts[way], lines.shares[way])
        elif other > own:
            lowest, highest = _count(pairs, line)
            here = slice(lowest, highest + 1)
            _sum_up(line[here], before[here])
            targets = lines.counts[way, here], lines.shares[way, here], lines.squares[way, here]
            _move(line[here], before[here], of_all, *targets)


@njit(nogil=True)
def _count_alike(
    rows: np.ndarray,
    left: int,
    own: int,
    others: np.ndarray,
    is_once: bool,
    room: Alike,
    lines: Lines,
    into: IdentityCounters,
) -> None:
    """The pairs of one identity with others of one size: whole numbers, until all are there. The squares take those
    with later ones in order of distance: after k pairs of the same two identities the next one adds (k + 1)^2 - k^2 =
    2 k + 1, in shares of both."""
    steps, size, filled = lines.counts.shape[1], into.sizes[others[0]], 0
    for other in others:
        if other == own or (other < own and is_once):
            continue
        begin, way = into.ends[other] - size - left, _way(own, other, into.groupings)
        if other < own:
            _count_pairs(rows[:, begin : begin + size], np.uint64(way * steps), room.sums)
            continue
        room.columns[filled], room.firsts[filled] = np.uint64(begin), np.uint64(way * steps)
        filled += 1
        if filled == _LANES:
            _count_in_order(rows, size, filled, room)
            filled = 0
    if filled:
        _count_in_order(rows, size, filled, room)
    _add_alike(room.sums, 1 / float(len(rows) * size), lines)


@njit(nogil=True)
def _count_pairs(pairs: np.ndarray, first: np.uint64, sums: np.ndarray) -> None:
    for row in range(len(pairs)):
        for column in range(pairs.shape[1]):
            # Without a sign, here and below: a place that may be negative would be looked at twice.
            sums[first + np.uint64(pairs[row, column])] += _PAIR


@njit(nogil=True)
def _count_in_order(rows: np.ndarray, size: int, filled: int, room: Alike) -> None:
    """The pairs of one identity with as many others as are `filled` in, in order of their bins."""
    columns, firsts, count = room.columns, room.firsts, len(rows) * size
    width = (filled + _TOGETHER - 1) // _TOGETHER * _TOGETHER
    columns[filled:width] = columns[0]
    lanes = room.lanes[: count * width].reshape(count, width)
    for row in range(len(rows)):
        for sample in range(size):
            line = lanes[row * size + sample]
            for lane in range(width):
                line[lane] = rows[row, columns[lane] + np.uint64(sample)]
    _put_in_order(lanes)
    for place in range(count):
        one, line = _PAIR + 2 * place + 1, lanes[place]
        for lane in range(filled):
            room.sums[firsts[lane] + np.uint64(line[lane])] += one


@njit(nogil=True)
def _put_in_order(lanes: np.ndarray) -> None:
    """Sort every column (K, L) by merge exchange (Knuth 1973, 5.2.2, algorithm M): which two places are compared does
    not depend on what is in them, so that all columns go at a time."""
    count, top = len(lanes), 1
    while 2 * top < count:
        top *= 2
    part = top
    while part > 0:
        far, rest, apart = top, 0, part
        while True:
            for start in range(rest, count - apart, 2 * part):
                for place in range(start, min(start + part, count - apart)):
                    here, there = lanes[place], lanes[place + apart]
                    for lane in range(lanes.shape[1]):
                        one, other = here[lane], there[lane]
                        here[lane], there[lane] = min(one, other), max(one, other)
            if far == part:
                break
            apart, far, rest = far - part, far >> 1, part
        part >>= 1


@njit(nogil=True)
def _add_alike(sums: np.ndarray, of_all: float, lines: Lines) -> None:
    """To the lines, and empty the sums; pairs are so many above 32 bits, and squares so many below."""
    steps = lines.counts.shape[1]
    for way in range(len(lines.counts)):
        own, counts, shares, squares = sums[way * steps :], lines.counts[way], lines.shares[way], lines.squares[way]
        for place in range(steps):
            count = np.int32(own[place] >> 32)
            counts[place] += count
            shares[place] += np.float64(count) * of_all
            squares[place] += np.float64(np.int32(own[place])) * (of_all * of_all)
    sums[:] = 0


@njit(cache=True, nogil=True)
def count_large(
    bins: np.ndarray,
    left: int,
    skipped: int,
    own: int,
    others: tuple[int, int],
    lines: np.ndarray,
    into: IdentityCounters,
) -> None:
    """Count some rows of one identity, after `skipped` of its rows, with all points of the others, whose lines (C, S)
    `add_large` adds up once all rows are counted."""
    for other in range(*others):
        begin, end = into.ends[other] - into.sizes[other] - left, into.ends[other] - left
        if other == own:
            _count_within(bins[:, begin:end], skipped, into.positive[own - into.first])
        else:
            _count(bins[:, begin:end], lines[other])


@njit(cache=True, nogil=True)
def add_large(lines: np.ndarray, own: int, into: IdentityCounters) -> None:
    """Add what was counted of all rows of one identity."""
    before = np.zeros(lines.shape[1], np.int32)
    for other in range(len(lines)):
        if other != own:
            _add_line(lines[other], before, 0, own, other, into)


@njit(nogil=True)
def _room(steps: int) -> Room:
    lines, marks = np.zeros((2, steps), np.int32), np.zeros((steps + 63) // 64, np.uint64)
    return Room(lines[0], lines[1], marks, np.zeros(steps + 1, np.int64), np.zeros(steps + 1, np.int32))


@njit(nogil=True)
def _count_within(rows: np.ndarray, skipped: int, counts: np.ndarray) -> None:
    """The pairs (row, later column) of one identity, of whose rows some were `skipped`."""
    for row in range(len(rows)):
        for column in range(skipped + row + 1, rows.shape[1]):
            # Above the diagonal only: every genuine pair once.
            counts[rows[row, column]] += 1


@njit(nogil=True)
def _count(rows: np.ndarray, line: np.ndarray) -> tuple[int, int]:
    """Count by bin; the first and the last bin that has any."""
    lowest, highest = len(line), -1
    for row in range(len(rows)):
        for column in range(rows.shape[1]):
            place = rows[row, column]
            line[place] += 1
            lowest, highest = min(lowest, place), max(highest, place)
    return lowest, highest


@njit(nogil=True)
def _list(rows: np.ndarray, room: Room) -> int:
    """List the filled bins and their counts, in no order; how many they are."""
    line, places, filled = room.line, room.places, 0
    for row in range(len(rows)):
        for column in range(rows.shape[1]):
            place = rows[row, column]
            before = line[place]
            line[place] = before + 1
            places[filled] = place  # without a branch on what is as good as random
            filled += before == 0
    for index in range(filled):
        room.counts[index] = line[places[index]]
        line[places[index]] = 0
    return filled


@njit(nogil=True)
def _list_in_order(rows: np.ndarray, room: Room) -> int:
    """List the filled bins, ascending, and their counts; how many they are."""
    line, marks, filled = room.line, room.marks, 0
    for row in range(len(rows)):
        for column in range(rows.shape[1]):
            place = rows[row, column]
            line[place] += 1
            marks[place >> 6] |= np.uint64(1) << np.uint64(place & 63)
    for word in range(len(marks)):
        # 64 bins at a time: an empty word costs one comparison.
        bits = marks[word]
        marks[word] = np.uint64(0)
        while bits:
            lowest = bits & (~bits + np.uint64(1))
            bits ^= lowest
            place = (word << 6) + _PLACES[(lowest * _PATTERN) >> np.uint64(58)]
            room.places[filled], room.counts[filled] = place, line[place]
            line[place] = 0
            filled += 1
    return filled


@njit(nogil=True)
def _add_line(line: np.ndarray, before: np.ndarray, lowest: int, own: int, other: int, into: IdentityCounters) -> None:
    """Add the counts (W,) of the bins from `lowest` on to the sums of `own`, and empty the line."""
    of_all, here = 1 / float(into.sizes[own] * into.sizes[other]), slice(lowest, lowest + len(line))
    if own < other:
        _sum_up(line, before)
    for grouping in range(len(into.groupings)):
        group = into.groupings[grouping, own]
        if into.groupings[grouping, other] != group:
            continue
        if grouping >= len(into.negative):
            _add_counts(line, into.totals[into.firsts[grouping] + group, here])
            continue
        _add_counts(line, into.negative[grouping, own - into.first, here])
        shares = into.shares[grouping, own - into.first, here]
        for place in range(len(line)):
            shares[place] += line[place] * of_all
        if own < other:
            squares = into.share_squares[into.firsts[grouping] + group, here]
            for place in range(len(line)):
                count = np.float64(line[place])  # whole numbers of 64 bits would be turned into floats one by one
                squares[place] += of_all * of_all * count * (2.0 * np.float64(before[place]) + count)
    line[:] = 0


@njit(nogil=True)
def _sum_up(line: np.ndarray, before: np.ndarray) -> None:
    """How many pairs are in the bins before each."""
    running = np.int32(0)
    for place in range(len(line)):
        before[place] = running
        running += line[place]


@njit(nogil=True)
def _add_counts(line: np.ndarray, counts: np.ndarray) -> None:
    for place in range(len(line)):
        counts[place] += line[place]


@njit(nogil=True)
def _add_list(places: np.ndarray, counts: np.ndarray, own: int, other: int, into: IdentityCounters) -> None:
    """Add the counts of the listed bins to the sums of `own`; in order of the bins where it is the lower identity."""
    of_all = 1 / float(into.sizes[own] * into.sizes[other])
    for grouping in range(len(into.groupings)):
        group = into.groupings[grouping, own]
        if into.groupings[grouping, other] != group:
            continue
        if grouping >= len(into.negative):
            totals = into.totals[into.firsts[grouping] + group]
            for index in range(len(places)):
                totals[places[index]] += counts[index]
            continue
        negative, shares = into.negative[grouping, own - into.first], into.shares[grouping, own - into.first]
        for index in range(len(places)):
            negative[places[index]] += counts[index]
            shares[places[index]] += counts[index] * of_all
        if own < other:
            squares, before = into.share_squares[into.firsts[grouping] + group], 0
            for index in range(len(places)):
                count = counts[index]
                squares[places[index]] += of_all * of_all * count * (2 * before + count)
                before += count


@njit(nogil=True)
def _way(own: int, other: int, groupings: np.ndarray) -> int:
    """In which groupings but the first two identities share a group, as bits."""
    way = 0
    for grouping in range(1, len(groupings)):
        way |= int(groupings[grouping, own] == groupings[grouping, other]) << (grouping - 1)
    return way


@njit(nogil=True)
def _count_both(pairs: np.ndarray, of_all: float, counts: np.ndarray, shares: np.ndarray) -> None:
    for row in range(len(pairs)):
        for column in range(pairs.shape[1]):
            place = pairs[row, column]
            counts[place] += 1
            # Every pair is the same share of the pairs of both, so shares need no second look.
            shares[place] += of_all


@njit(nogil=True)
def _move(
    line: np.ndarray, before: np.ndarray, of_all: float, counts: np.ndarray, shares: np.ndarray, squares: np.ndarray
) -> None:
    """From the line of two identities to those of all others: also what each bin adds to the square of the share of the
    pairs up to it. In two loops, so that several bins go at a time."""
    _add_counts(line, counts)
    for place in range(len(line)):
        share = np.float64(line[place]) * of_all
        shares[place] += share
        # (b + c)^2 - b^2 = c (2 b + c): what c pairs in this bin add to the square of the b before them.
        squares[place] += share * (share + 2.0 * of_all * np.float64(before[place]))
    line[:] = 0


@njit(nogil=True)
def _add(lines: Lines, own: int, into: IdentityCounters) -> None:
    """To the sums of an identity, and empty the lines."""
    for way in range(len(lines.counts)):
        for grouping in range(len(into.groupings)):
            if grouping and not (way >> (grouping - 1)) & 1:
                continue
            group = into.firsts[grouping] + into.groupings[grouping, own]
            if grouping >= len(into.negative):
                _add_counts(lines.counts[way], into.totals[group])
            else:
                _add_counts(lines.counts[way], into.negative[grouping, own - into.first])
                _add_counts(lines.shares[way], into.shares[grouping, own - into.first])
                _add_counts(lines.squares[way], into.share_squares[group])
    lines.counts[:] = 0
    lines.shares[:] = 0.0
    lines.squares[:] = 0.0
