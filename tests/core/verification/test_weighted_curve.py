"""Rates by identity beside counts of pairs."""

import numpy as np
from numpy.testing import assert_allclose

from core.statistics.roc import curve_auc, equal_error_rate
from core.verification.goals import Far, Frr
from core.verification.weighted_curve import IdentityCurve

CURVE = IdentityCurve(
    np.array([1.0, 2.0, 3.0]),
    np.array([1, 50, 100]),
    np.array([5, 9, 10]),
    100,
    10,
    accept_rate=np.array([0.04, 0.2, 1.0]),
    reject_rate=np.array([0.3, 0.04, 0.0]),
)


def test_rates_are_those_by_identity_and_counts_those_of_pairs() -> None:
    assert_allclose(CURVE.false_accept_rate, [0.04, 0.2, 1])
    assert_allclose(CURVE.false_reject_rate, [0.3, 0.04, 0])
    assert_allclose(CURVE.true_accept_rate, [0.7, 0.96, 1])
    assert_allclose(CURVE.accuracy, 1 - np.array([4 + 3, 20 + 0.4, 100]) / 110)
    assert CURVE.false_accepts[1] == 50


def test_limits_equal_errors_and_areas_go_by_the_rates() -> None:
    assert Far(0.2).threshold(CURVE) == 2.0 and Far(0.1).threshold(CURVE) == 1.0
    assert Frr(0.04).threshold(CURVE) == 2.0
    rate, _ = equal_error_rate(CURVE)
    assert 0.04 < rate < 0.2
    assert_allclose(curve_auc(CURVE), (0.04 * 0.7 + 0.16 * 1.66 + 0.8 * 1.96) / 2)
