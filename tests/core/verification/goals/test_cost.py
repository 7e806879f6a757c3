from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.statistics.roc import exact_curve
from core.verification.goals import Cost, Youden
from tests.core.choices import SEEDS, best_threshold, drawn_pairs, refusing_is_best


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("goal", [Cost(), Cost(10.0, 1.0, 0.8)], ids=str)
def test_no_other_threshold_costs_less(goal: Cost, seed: int) -> None:
    pairs = drawn_pairs(seed)
    rejects, accepts = goal.genuine_share * goal.false_reject, (1 - goal.genuine_share) * goal.false_accept
    expected = best_threshold(pairs, lambda counts: -rejects * counts.frr - accepts * counts.far)
    assert goal.threshold(exact_curve(pairs)) == expected


def test_an_even_cost_of_even_shares_is_the_mean_of_both_rates() -> None:
    curve = exact_curve(drawn_pairs(0))
    np.testing.assert_allclose(Cost().expected(curve), (curve.false_accept_rate + curve.false_reject_rate) / 2)
    assert Cost().threshold(curve) == Youden().threshold(curve)


def test_refusing_everybody_is_chosen_where_it_is_best() -> None:
    assert Cost(100.0, 0.01, 0.5).threshold(exact_curve(refusing_is_best())) < 0.1


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: Cost(false_accept=-1.0), "false_accept must be a number from 0 to .*, got -1.0"),
        (lambda: Cost(false_reject=np.nan), "false_reject must be a number from 0 to .*, got nan"),
        (lambda: Cost(genuine_share=1.2), "genuine_share must be a number from 0 to 1, got 1.2"),
    ],
)
def test_a_cost_that_is_none_is_refused(bad: Callable[[], Cost], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bad()
