"""What the menu of a sweep makes of its choices."""

from __future__ import annotations

import pytest

from core.comparison.axes import USUAL
from core.experiment.experiment import differences
from dashboard.compare.sweep import AXES, OTHER, Sweep, bases_of, can_be_folded, usual_updates


@pytest.mark.parametrize("axis", [axis for axis in AXES if axis != OTHER])
def test_every_axis_has_settings_to_be_compared_on(axis: str) -> None:
    assert "digits" in bases_of(axis)


def test_each_strategy_once_is_runs_like_all_others() -> None:
    plain = Sweep("digits", "miner", USUAL["miner"], 1, usual_updates("digits"))
    assert plain.is_single and {name.split()[0] for name in differences(plain.experiments)} == {"miner"}
    assert not any(one.schedule.drawn_apart for one in plain.experiments)


@pytest.mark.parametrize("changes", [{"seeds": 3}, {"updates": 7}, {"tune": 2}, {"halves": True}])
def test_anything_more_is_a_comparison(changes: dict[str, int]) -> None:
    usual = {
        "base": "digits",
        "axis": "miner",
        "values": USUAL["miner"],
        "seeds": 1,
        "updates": usual_updates("digits"),
    }
    made = Sweep(**{**usual, **changes})
    assert not made.is_single and len(made.experiments) == 4 * made.seeds
    assert all(one.schedule.drawn_apart and one.schedule.updates == made.updates for one in made.experiments)


def test_folds_make_a_comparison_of_as_many_trainings() -> None:
    made = Sweep("strangers", "miner", USUAL["miner"], 1, usual_updates("strangers"), folds=4)
    assert not made.is_single and len(made.experiments) == 16
    assert {(one.split.folds, one.split.fold) for one in made.experiments} == {(4, fold) for fold in range(4)}
    assert can_be_folded("strangers") and not can_be_folded("digits")
    with pytest.raises(ValueError, match="folds must be of a split by identity"):
        _ = Sweep("digits", "miner", USUAL["miner"], 1, 20, folds=4).experiments


def test_strategies_that_would_make_other_numbers_of_updates_are_planned() -> None:
    made = Sweep("digits", "sampler", ("p-by-k", "n-pairs"), 1, usual_updates("digits"))
    assert not made.is_single and {one.schedule.updates for one in made.experiments} == {280}
