from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from core.statistics.roc import Curve, exact_curve
from core.verification.goals import Frr
from tests.core.choices import SEEDS, best_threshold, drawn_pairs


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("percent", [0, 10, 35])
def test_the_smallest_threshold_within_the_limit_is_chosen(percent: int, seed: int) -> None:
    pairs, share = drawn_pairs(seed), 1 - Fraction(percent, 100)
    expected = best_threshold(pairs, lambda counts: counts.true_accepts >= share * counts.genuine)
    assert Frr(percent / 100).threshold(exact_curve(pairs)) == expected


def test_a_limit_that_pairs_without_a_score_exceed_is_refused() -> None:
    curve = Curve(np.array([0.5, 1.0]), np.array([0, 1]), np.array([3, 6]), 4, 8)
    with pytest.raises(ValueError, match="must be at least 0.25, the share of genuine pairs that could not be"):
        Frr(0.1).threshold(curve)


@pytest.mark.parametrize("limit", [-0.1, 1.5, np.nan])
def test_a_limit_that_is_no_share_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="max_false_reject_rate must be a number from 0 to 1, got "):
        Frr(limit)
