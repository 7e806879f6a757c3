from __future__ import annotations

import numpy as np
import pytest

from core.statistics.roc import exact_curve
from core.verification.goals import Accuracy
from tests.core.choices import SEEDS, best_threshold, drawn_pairs, refusing_is_best


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_threshold_judges_more_pairs_rightly(seed: int) -> None:
    pairs = drawn_pairs(seed)
    expected = best_threshold(pairs, lambda counts: counts.true_accepts + counts.impostors - counts.false_accepts)
    assert Accuracy().threshold(exact_curve(pairs)) == expected


def test_refusing_everybody_is_chosen_where_it_is_best() -> None:
    curve = exact_curve(refusing_is_best())
    accuracy = np.append(4 / 7, curve.accuracy)
    assert Accuracy().threshold(curve) < 0.1 and accuracy.max() == accuracy[0] > accuracy[1:].max()
