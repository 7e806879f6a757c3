from __future__ import annotations

import numpy as np
import pytest

from core.statistics.roc import Curve, equal_error_rate, exact_curve
from core.verification.goals import Eer
from core.verification.goals.eer import nearest_threshold
from tests.core.choices import SEEDS, drawn_pairs


@pytest.mark.parametrize("seed", SEEDS)
def test_the_threshold_nearest_to_the_crossing_is_chosen(seed: int) -> None:
    curve = exact_curve(drawn_pairs(seed))
    gaps = np.abs(curve.thresholds - equal_error_rate(curve)[1])
    assert np.abs(Eer().threshold(curve) - equal_error_rate(curve)[1]) == gaps.min()


@pytest.mark.parametrize(
    ("value", "expected"), [(1.03, 1.0), (1.04, 1.0625), (1.03125, 1.0), (-3.0, 0.0625), (9.0, 2.0)]
)
def test_a_value_goes_to_the_nearest_threshold_and_down_at_a_tie(value: float, expected: float) -> None:
    thresholds = np.linspace(0, 2, 33)[1:]
    assert nearest_threshold(Curve(thresholds, np.arange(32), np.arange(32), 40, 40), value) == expected


def test_where_the_bands_of_both_rates_overlap_the_rates_may_be_equal() -> None:
    curve = exact_curve(drawn_pairs(0))
    far, frr = curve.false_accept_rate, curve.false_reject_rate
    possible = Eer().possible(curve, (far - 0.1, far + 0.1), (frr - 0.1, frr + 0.1))
    assert (possible == (np.abs(far - frr) <= 0.2)).all() and 0 < possible.sum() < len(possible)
