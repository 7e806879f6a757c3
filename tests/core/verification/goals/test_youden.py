from __future__ import annotations

import pytest

from core.statistics.roc import exact_curve
from core.verification.goals import Youden
from tests.core.choices import SEEDS, best_threshold, drawn_pairs


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_threshold_has_a_larger_gap_between_the_rates(seed: int) -> None:
    pairs = drawn_pairs(seed)
    expected = best_threshold(pairs, lambda counts: 1 - counts.frr - counts.far)
    assert Youden().threshold(exact_curve(pairs)) == expected
