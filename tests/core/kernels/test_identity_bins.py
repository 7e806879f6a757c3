"""Lines gone through whole, lists of bins, and large identities, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.identity_sums import IdentitySums
from core.kernels.identity_bins import IdentityCounters, add_large, count_identities, count_large

SIZES = np.array([1, 4, 7, 2, 5, 3])
GROUPS = np.array([0, 1, 0, 0, 1, 1])


def counted(steps: int) -> tuple[np.ndarray, IdentitySums, IdentityCounters]:
    """Symmetric bins of all pairs, and sums of none of them."""
    count = int(SIZES.sum())
    bins = np.random.default_rng(steps).integers(steps, size=(count, count)).astype(np.uint16)
    bins = np.triu(bins) + np.triu(bins, 1).T
    sums = IdentitySums.empty(np.arange(steps + 1.0), SIZES, (GROUPS,))
    into = IdentityCounters(np.cumsum(SIZES), SIZES, sums.groupings, sums.firsts, 0, *sums.arrays().values())
    return bins, sums, into


def check(sums: IdentitySums, bins: np.ndarray) -> None:
    """Every sum against its definition."""
    starts = np.cumsum(SIZES) - SIZES
    squares = np.zeros_like(sums.share_squares)
    for own, (start, size) in enumerate(zip(starts, SIZES, strict=True)):
        within = bins[start : start + size, start : start + size][np.triu_indices(size, 1)]
        assert_array_equal(sums.positive[own], np.bincount(within, minlength=sums.positive.shape[1]))
        negative, shares = np.zeros((2, *sums.negative.shape[::2]))
        for other, (begin, width) in enumerate(zip(starts, SIZES, strict=True)):
            if other == own:
                continue
            line = np.bincount(bins[start : start + size, begin : begin + width].ravel(), minlength=negative.shape[1])
            for grouping, groups in enumerate(sums.groupings):
                if groups[own] == groups[other]:
                    negative[grouping] += line
                    shares[grouping] += line / (size * width)
                    if own < other:
                        running = np.cumsum(line / (size * width)) ** 2
                        squares[sums.firsts[grouping] + groups[own]] += np.diff(running, prepend=0)
        assert_array_equal(sums.negative[:, own], negative)
        assert_allclose(sums.shares[:, own], shares, rtol=1e-6)
    assert_allclose(sums.share_squares, squares, rtol=1e-9, atol=1e-12)
    assert squares.any()


@pytest.mark.parametrize("steps", [3, 130, 400], ids=["lines", "both", "lists"])
def test_sums_are_those_of_a_plain_loop(steps: int) -> None:
    bins, sums, into = counted(steps)
    for owns in ((0, 3), (3, 6)):
        top = int((np.cumsum(SIZES) - SIZES)[owns[0]])
        for others in ((0, 2), (2, 6)):
            left = int((np.cumsum(SIZES) - SIZES)[others[0]])
            count_identities(bins[top:, left:], left, owns, others, into)
    check(sums, bins)


def test_large_identities_are_counted_some_rows_at_a_time() -> None:
    bins, sums, into = counted(40)
    starts = np.cumsum(SIZES) - SIZES
    for own in range(len(SIZES)):
        lines = np.zeros((len(SIZES), 40), np.int32)
        for skipped in range(0, SIZES[own], 2):
            rows = bins[starts[own] + skipped : min(starts[own] + skipped + 2, starts[own] + SIZES[own])]
            count_large(np.ascontiguousarray(rows), 0, skipped, own, (0, len(SIZES)), lines, into)
        add_large(lines, own, into)
    check(sums, bins)
