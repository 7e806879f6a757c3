from __future__ import annotations

import numpy as np
import pytest

from core.statistics.pair_distances import PairDistances
from core.statistics.roc import exact_curve
from core.verification.goals import Hand

CURVE = exact_curve(PairDistances(np.array([0.5]), np.array([0.1, 0.7])))


@pytest.mark.parametrize("value", [0.6, -2.0, 9.0])
def test_the_number_given_is_the_threshold(value: float) -> None:
    assert Hand(value).threshold(CURVE) == value


def test_no_other_pairs_would_change_it() -> None:
    assert Hand(0.6).is_given and not Hand(0.6).open_bins(CURVE).any()


def test_the_card_has_the_number_once() -> None:
    assert Hand(0.6).on_card() == {"kind": "hand"}
    assert Hand.words_for({"threshold": -0.5, "goal": {"kind": "hand"}}) == ["--threshold=-0.5"]
