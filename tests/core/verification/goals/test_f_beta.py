from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import fbeta_score

from core.statistics.roc import exact_curve
from core.verification.goals import FBeta
from tests.core.choices import SEEDS, drawn_pairs


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("beta", [0.5, 2.0])
def test_the_worth_is_that_of_scikit_learn_and_its_best_is_chosen(beta: float, seed: int) -> None:
    pairs = drawn_pairs(seed)
    curve = exact_curve(pairs)
    truth = np.repeat([1, 0], [len(pairs.positive), len(pairs.negative)])
    distances = np.concatenate([pairs.positive, pairs.negative])
    expected = np.array([fbeta_score(truth, distances <= threshold, beta=beta) for threshold in curve.thresholds])
    np.testing.assert_allclose(FBeta(beta).worth(curve), expected, rtol=1e-12)
    assert FBeta(beta).threshold(curve) == curve.thresholds[expected.round(12).argmax()]


@pytest.mark.parametrize("beta", [0.0, -1.0, np.nan])
def test_a_beta_that_is_not_above_0_is_refused(beta: float) -> None:
    with pytest.raises(ValueError, match="beta must be a number from 1e-06 to 1e\\+06, got "):
        FBeta(beta)
