"""Lines gone through whole, lists of bins, and large identities, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.evidence import identity_counts
from core.evidence.identity_counts import identity_sums
from core.kernels.identity_bins import add_large, count_identities, count_large, count_many
from tests.core import identity_sets
from tests.core.identity_sets import SIZES, STARTS, check, counted


@pytest.mark.parametrize("steps", [3, 130, 400], ids=["lines", "both", "lists"])
def test_sums_are_those_of_a_plain_loop(steps: int) -> None:
    bins, sums, into = counted(steps)
    for owns in ((0, 3), (3, 6)):
        top = int(STARTS[owns[0]])
        for others in ((0, 2), (2, 6)):
            left = int(STARTS[others[0]])
            count_identities(np.ascontiguousarray(bins[top:, left:]), left, owns, others, into)
    check(sums, bins)


def test_large_identities_are_counted_some_rows_at_a_time() -> None:
    bins, sums, into = counted(40)
    for own in range(len(SIZES)):
        lines = np.zeros((len(SIZES), 40), np.int32)
        for skipped in range(0, SIZES[own], 2):
            rows = bins[STARTS[own] + skipped : min(STARTS[own] + skipped + 2, STARTS[own] + SIZES[own])]
            count_large(np.ascontiguousarray(rows), 0, skipped, own, (0, len(SIZES)), lines, into)
        add_large(lines, own, into)
    check(sums, bins)


# One size beside another, with more of it than go side by side, and pairs that are one, few, and too many to sort.
ALIKE = np.array([3] * 40 + [1] * 9 + [5, 3, 1, 20, 20, 2] + [20] * 8)


@pytest.mark.parametrize("steps", [3, 130])
def test_identities_of_one_size_are_those_of_a_plain_loop(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = np.random.default_rng(0).permutation(ALIKE)
    monkeypatch.setattr(identity_sets, "SIZES", sizes)
    monkeypatch.setattr(identity_sets, "STARTS", np.cumsum(sizes) - sizes)
    monkeypatch.setattr(identity_sets, "GROUPINGS", (np.arange(len(sizes)) % 2, np.arange(len(sizes)) % 3))
    bins, sums, into = counted(steps)
    for owns in ((0, 30), (30, len(sizes))):
        for others in ((0, 50), (50, len(sizes))):
            top, left = int(identity_sets.STARTS[owns[0]]), int(identity_sets.STARTS[others[0]])
            by_size = others[0] + np.argsort(sizes[slice(*others)], kind="stable")
            count_many(np.ascontiguousarray(bins[top:, left:]), left, owns, others, by_size, False, into)
    check(sums, bins)


@pytest.mark.parametrize("steps", [3, 130])
def test_sums_along_stripes_are_those_of_a_plain_loop(steps: int) -> None:
    bins, sums, into = counted(steps)
    for owns in ((0, 3), (3, 6)):
        for others in ((0, 2), (2, 6)):
            top, left = int(STARTS[owns[0]]), int(STARTS[others[0]])
            by_size = others[0] + np.argsort(SIZES[slice(*others)], kind="stable")
            count_many(np.ascontiguousarray(bins[top:, left:]), left, owns, others, by_size, False, into)
    check(sums, bins)


def test_many_identities_have_the_sums_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    points, labels = generator.normal(size=(300, 4)), np.arange(300) % 70
    sought = points, labels, np.linspace(0, 9, 200)
    few = identity_sums(*sought, groupings=(np.arange(70) % 2,))
    monkeypatch.setattr(identity_counts, "MANY", 69)
    many = identity_sums(*sought, groupings=(np.arange(70) % 2,))
    for name in ("positive", "negative"):
        assert_array_equal(getattr(many, name), getattr(few, name))
    assert_allclose(many.shares, few.shares, rtol=1e-6)
    assert_allclose(many.share_squares, few.share_squares, rtol=1e-12)
