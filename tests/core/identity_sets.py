"""Bins of the pairs of a few identities, and what their sums are by definition."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence.identity_sums import IdentitySums
from core.kernels.identity_bins import IdentityCounters

SIZES = np.array([1, 4, 7, 2, 5, 3])
STARTS = np.cumsum(SIZES) - SIZES
GROUPINGS = np.array([0, 1, 0, 0, 1, 1]), np.array([0, 1, 2, 2, 0, 0])


def counted(steps: int) -> tuple[np.ndarray, IdentitySums, IdentityCounters]:
    """Symmetric bins of all pairs, and sums of none of them."""
    count = int(SIZES.sum())
    bins = np.random.default_rng(steps).integers(steps, size=(count, count)).astype(np.uint16)
    bins = np.triu(bins) + np.triu(bins, 1).T
    sums = IdentitySums.empty(np.arange(steps + 1.0), SIZES, GROUPINGS[:1], curves_of=GROUPINGS[1:])
    into = IdentityCounters(np.cumsum(SIZES), SIZES, sums.groupings, sums.firsts, 0, *sums.arrays().values())
    return bins, sums, into


def check(sums: IdentitySums, bins: np.ndarray) -> None:
    """Every sum against its definition."""
    squares, totals = np.zeros_like(sums.share_squares), np.zeros_like(sums.totals)
    for own, (start, size) in enumerate(zip(STARTS, SIZES, strict=True)):
        within = bins[start : start + size, start : start + size][np.triu_indices(size, 1)]
        assert_array_equal(sums.positive[own], np.bincount(within, minlength=sums.positive.shape[1]))
        negative, shares = np.zeros((2, *sums.negative.shape[::2]))
        for other, (begin, width) in enumerate(zip(STARTS, SIZES, strict=True)):
            if other == own:
                continue
            line = np.bincount(bins[start : start + size, begin : begin + width].ravel(), minlength=negative.shape[1])
            for grouping, groups in enumerate(sums.groupings):
                if groups[own] != groups[other]:
                    continue
                if grouping >= len(negative):
                    totals[sums.firsts[grouping] + groups[own]] += line
                else:
                    negative[grouping] += line
                    shares[grouping] += line / (size * width)
                    if own < other:
                        running = np.cumsum(line / (size * width)) ** 2
                        squares[sums.firsts[grouping] + groups[own]] += np.diff(running, prepend=0)
        assert_array_equal(sums.negative[:, own], negative)
        assert_allclose(sums.shares[:, own], shares, rtol=1e-6)
    assert_allclose(sums.share_squares, squares, rtol=1e-9, atol=1e-12)
    assert_array_equal(sums.totals, totals)
    assert squares.any() and len(sums.groupings) > len(sums.negative)
