from __future__ import annotations

import numpy as np
import pytest

from core.statistics.pair_distances import PairDistances
from core.statistics.roc import exact_curve
from core.verification.goals import Far
from tests.core.choices import SEEDS, best_threshold, drawn_pairs


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("limit", [0.02, 0.3, 1.0])
def test_the_largest_threshold_within_the_limit_is_chosen(limit: float, seed: int) -> None:
    pairs = drawn_pairs(seed)
    expected = best_threshold(pairs, lambda counts: counts.far <= limit, largest=True)
    assert Far(limit).threshold(exact_curve(pairs)) == expected


def test_a_limit_that_no_pair_allows_refuses_everybody() -> None:
    curve = exact_curve(PairDistances(np.array([0.5]), np.array([0.1, 0.7])))
    assert Far(0.2).threshold(curve) < 0.1
    assert Far(0.5).threshold(curve) == 0.5


@pytest.mark.parametrize("limit", [-0.1, 1.5, np.nan])
def test_a_limit_that_is_no_share_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="max_false_accept_rate must be a number from 0 to 1, got "):
        Far(limit)
