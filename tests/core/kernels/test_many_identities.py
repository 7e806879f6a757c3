"""Identities put together along a stripe, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.evidence import identity_counts
from core.evidence.identity_counts import identity_sums
from core.kernels.many_identities import count_many
from tests.core.identity_sets import STARTS, check, counted


@pytest.mark.parametrize("steps", [3, 130])
def test_sums_are_those_of_a_plain_loop(steps: int) -> None:
    bins, sums, into = counted(steps)
    for owns in ((0, 3), (3, 6)):
        for others in ((0, 2), (2, 6)):
            top, left = int(STARTS[owns[0]]), int(STARTS[others[0]])
            count_many(bins[top:, left:], left, owns, others, into)
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
    np.testing.assert_allclose(many.shares, few.shares, rtol=1e-6)
    np.testing.assert_allclose(many.share_squares, few.share_squares, rtol=1e-12)
