"""The pairs that count where groups are crossed, counted by identity and bin; compiled.

Of two identities every pair that counts is looked at once, in order of its bin: the k-th of m adds (2 k - 1) / m^2 to
the square of their share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit


class CrossedCounts(NamedTuple):
    """Of C identities in S bins: genuine pairs (C, S); impostor pairs with the identity on one side, and their shares
    of the pairs of each two (C, S); what each bin adds to the sum of squared shares (S,); impostor pairs by the parts
    of both identities, the lower first (F, F, S). Of each identity, how many others it has a pair with (C,), and the
    sum of the squares of how many these are (1,)."""

    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray
    by_parts: np.ndarray
    blocks: np.ndarray
    block_squares: np.ndarray


@njit(cache=True, nogil=True)
def count_crossed(
    bins: np.ndarray,
    top: int,
    span: tuple[int, int],
    ends: np.ndarray,
    groups: np.ndarray,
    parts: np.ndarray,
    kind: tuple[bool, bool],
    counts: CrossedCounts,
) -> None:
    """Add the pairs of the identities in `span` with themselves and with all later ones. Points are in order of
    identity, each of which ends before one of `ends` (C,); rows and columns of the bins (B, W) begin at point `top`.
    `kind` says whether positive and whether negative pairs must cross `groups` (N,)."""
    places = np.empty(64, np.int64)
    for own in range(span[0], span[1]):
        begin = ends[own - 1] if own else 0
        for point in range(begin, ends[own]):
            for other in range(point + 1, ends[own]):
                if not kind[0] or groups[point] != groups[other]:
                    counts.positive[own, bins[point - top, other - top]] += 1
        for other in range(own + 1, len(ends)):
            most = (ends[own] - begin) * (ends[other] - ends[other - 1])
            if most > len(places):
                places = np.empty(most, np.int64)
            filled = _list(bins, top, (begin, ends[own]), (ends[other - 1], ends[other]), groups, kind[1], places)
            if filled:
                _put_in_order(places[:filled])
                _add(places[:filled], own, other, parts, counts)


@njit(nogil=True)
def _list(
    bins: np.ndarray,
    top: int,
    rows: tuple[int, int],
    columns: tuple[int, int],
    groups: np.ndarray,
    crosses: bool,
    places: np.ndarray,
) -> int:
    """List the bins of the pairs of two identities that count; how many they are."""
    filled = 0
    for row in range(rows[0], rows[1]):
        for column in range(columns[0], columns[1]):
            if not crosses or groups[row] != groups[column]:
                places[filled] = bins[row - top, column - top]
                filled += 1
    return filled


@njit(nogil=True)
def _put_in_order(places: np.ndarray) -> None:
    """By insertion where they are few, which takes no memory."""
    if len(places) > 64:
        places.sort()
        return
    for end in range(1, len(places)):
        value, place = places[end], end
        while place > 0 and places[place - 1] > value:
            places[place] = places[place - 1]
            place -= 1
        places[place] = value


@njit(nogil=True)
def _add(places: np.ndarray, own: int, other: int, parts: np.ndarray, counts: CrossedCounts) -> None:
    count = len(places)
    of_all = 1.0 / count
    together = counts.by_parts[min(parts[own], parts[other]), max(parts[own], parts[other])]
    for rank in range(count):
        place = places[rank]
        together[place] += 1
        counts.share_squares[place] += (2.0 * rank + 1.0) * of_all * of_all
        for one in (own, other):
            counts.negative[one, place] += 1
            counts.shares[one, place] += of_all
    counts.block_squares[0] += float(count) * count
    counts.blocks[own] += 1
    counts.blocks[other] += 1
