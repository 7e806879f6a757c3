"""The pairs of every identity counted by bin where there are many identities; compiled.

The pairs of an identity with all others of a stripe are counted in lines of their own, one for each way of sharing
groups, and added to its sums once. Only the squares of the shares need the pairs of two identities by themselves, and
those are counted from the lower one alone: from the higher one every pair is one step in two lines. Shares are added up
in float64 along a stripe, so that the float32 of the sums rounds once for each stripe and not for each identity.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from core.kernels.identity_bins import IdentityCounters


class Lines(NamedTuple):
    """Of one identity with the others of a stripe, by way of sharing groups and by bin: pairs, the shares they are of
    the pairs of each two identities, and what they add to the squares of these."""

    counts: np.ndarray
    shares: np.ndarray
    squares: np.ndarray


@njit(cache=True, nogil=True)
def count_many(
    bins: np.ndarray, left: int, owns: tuple[int, int], others: tuple[int, int], into: IdentityCounters
) -> None:
    """`identity_bins.count_identities`, equal to it but for how shares are rounded."""
    steps, first_row = into.positive.shape[1], into.ends[owns[0]] - into.sizes[owns[0]]
    line, before = np.zeros(steps, np.int32), np.zeros(steps, np.int32)
    ways = 1 << (len(into.groupings) - 1)
    lines = Lines(np.zeros((ways, steps), np.int32), np.zeros((ways, steps)), np.zeros((ways, steps)))
    for own in range(*owns):
        rows = bins[into.ends[own] - into.sizes[own] - first_row : into.ends[own] - first_row]
        for other in range(*others):
            pairs = rows[:, into.ends[other] - into.sizes[other] - left : into.ends[other] - left]
            of_all, way = 1 / float(into.sizes[own] * into.sizes[other]), _way(own, other, into.groupings)
            if other == own:
                _count_within(pairs, into.positive[own - into.first])
            elif other < own:
                _count_both(pairs, of_all, lines.counts[way], lines.shares[way])
            else:
                lowest, highest = _count(pairs, line)
                here = slice(lowest, highest + 1)
                _sum_up(line[here], before[here])
                targets = lines.counts[way, here], lines.shares[way, here], lines.squares[way, here]
                _move(line[here], before[here], of_all, *targets)
        _add(lines, own, into)


@njit(nogil=True)
def _way(own: int, other: int, groupings: np.ndarray) -> int:
    """In which groupings but the first two identities share a group, as bits."""
    way = 0
    for grouping in range(1, len(groupings)):
        way |= int(groupings[grouping, own] == groupings[grouping, other]) << (grouping - 1)
    return way


@njit(nogil=True)
def _count_within(pairs: np.ndarray, counts: np.ndarray) -> None:
    """The pairs (row, later column) of one identity."""
    for row in range(len(pairs)):
        for column in range(row + 1, pairs.shape[1]):
            counts[pairs[row, column]] += 1


@njit(nogil=True)
def _count_both(pairs: np.ndarray, of_all: float, counts: np.ndarray, shares: np.ndarray) -> None:
    for row in range(len(pairs)):
        for column in range(pairs.shape[1]):
            place = pairs[row, column]
            counts[place] += 1
            shares[place] += of_all


@njit(nogil=True)
def _count(pairs: np.ndarray, line: np.ndarray) -> tuple[int, int]:
    """Count by bin; the first and the last bin that has any."""
    lowest, highest = len(line), -1
    for row in range(len(pairs)):
        for column in range(pairs.shape[1]):
            place = pairs[row, column]
            line[place] += 1
            lowest, highest = min(lowest, place), max(highest, place)
    return lowest, highest


@njit(nogil=True)
def _sum_up(line: np.ndarray, before: np.ndarray) -> None:
    """How many pairs are in the bins before each."""
    running = np.int32(0)
    for place in range(len(line)):
        before[place] = running
        running += line[place]


@njit(nogil=True)
def _move(
    line: np.ndarray, before: np.ndarray, of_all: float, counts: np.ndarray, shares: np.ndarray, squares: np.ndarray
) -> None:
    """From the line of two identities to those of all others: also what each bin adds to the square of the share of the
    pairs up to it. In two loops, so that several bins go at a time."""
    for place in range(len(line)):
        counts[place] += line[place]
    for place in range(len(line)):
        share = np.float64(line[place]) * of_all
        shares[place] += share
        squares[place] += share * (share + 2.0 * of_all * np.float64(before[place]))
    line[:] = 0


@njit(nogil=True)
def _add(lines: Lines, own: int, into: IdentityCounters) -> None:
    """To the sums of an identity, and empty the lines."""
    for way in range(len(lines.counts)):
        for grouping in range(len(into.groupings)):
            if grouping == 0 or (way >> (grouping - 1)) & 1:
                into.negative[grouping, own - into.first] += lines.counts[way]
                shares = into.shares[grouping, own - into.first]
                for place in range(len(shares)):
                    shares[place] += lines.shares[way, place]
                into.share_squares[into.firsts[grouping] + into.groupings[grouping, own]] += lines.squares[way]
    lines.counts[:] = 0
    lines.shares[:] = 0.0
    lines.squares[:] = 0.0
