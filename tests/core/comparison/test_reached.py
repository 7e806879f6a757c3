"""What was reached, put together over folds and written down."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.reached import DRAWN, NUMBERS, Number, Reached, together
from tests.core.comparison.spaces import measured, space


def test_folds_are_put_together_identity_by_identity() -> None:
    points, labels = space()
    halves = [measured(points[own], labels[own]) for own in (labels < 22, labels >= 22)]
    both = together(halves)
    assert np.array_equal(both.identities, np.unique(labels))
    assert both.values["auc"] == pytest.approx(np.mean([half.values["auc"] for half in halves]))
    assert np.array_equal(both.parts["map_at_r"], np.concatenate([half.parts["map_at_r"] for half in halves]) / 2)
    for key, draws in both.draws.items():
        assert draws.mean() == pytest.approx(np.mean([half.draws[key].mean() for half in halves]))
        apart = [half.draws[key].var() for half in halves]
        assert draws.var() == pytest.approx(sum(apart) / 4, rel=0.4), "as of two that have nothing in common"
    assert together(halves[:1]) is halves[0]
    with pytest.raises(ValueError, match="folds must hold out identities of their own"):
        together([halves[0], halves[0]])


def test_it_comes_back_out_of_its_arrays() -> None:
    found = measured(*space())
    back = Reached.from_arrays(found.arrays())
    assert back.values == found.values and set(back.parts) == set(found.parts) and set(back.draws) == set(found.draws)
    for kind in ("parts", "draws"):
        for key, of in getattr(found, kind).items():
            assert np.array_equal(getattr(back, kind)[key], of)


def test_every_number_says_whether_more_is_better_and_how_much_there_can_be() -> None:
    assert all(isinstance(number, Number) and number.title for number in NUMBERS.values())
    assert {key for key, number in NUMBERS.items() if number.more_is_better is False} == set(DRAWN)
    assert {key for key, number in NUMBERS.items() if number.largest > 1} == {"effective_rank", "density"}
