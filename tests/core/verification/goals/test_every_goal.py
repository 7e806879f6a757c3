"""What holds of every goal; what each one chooses is tested in the file of its name."""

from __future__ import annotations

import numpy as np
import pytest

from core.params import params_of
from core.statistics.roc import exact_curve
from core.verification.goals import GOALS, Cost, Far, FBeta, Frr, Goal
from core.verification.goals.base import with_refusal
from tests.core.choices import drawn_pairs, refusing_is_best

VARIANTS: list[Goal] = [kind() for kind in GOALS.values()] + [Far(0.3), Frr(0.0), FBeta(3.0), Cost(100.0, 1.0, 0.9)]
every = pytest.mark.parametrize("goal", VARIANTS, ids=str)
every_kind = pytest.mark.parametrize("kind", GOALS.values(), ids=GOALS)


@every
def test_a_threshold_of_the_curve_is_chosen_unless_it_is_given(goal: Goal) -> None:
    for pairs in (drawn_pairs(0), refusing_is_best()):
        curve = with_refusal(exact_curve(pairs))
        assert goal.is_given or goal.threshold(curve) in curve.thresholds


@every
def test_a_threshold_left_out_lies_in_an_open_bin_where_it_would_be_the_choice(goal: Goal) -> None:
    """Of every second threshold alone: where all of them choose another, the bin around it was open."""
    curve = with_refusal(exact_curve(drawn_pairs(1)))
    rows = np.arange(0, len(curve.thresholds), 2)
    rough = type(curve)(
        curve.thresholds[rows], curve.false_accepts[rows], curve.true_accepts[rows], curve.negative_count,
        curve.positive_count,
    )  # fmt: skip
    chosen, roughly = goal.threshold(curve), goal.threshold(rough)
    if chosen != roughly and chosen not in rough.thresholds:
        assert goal.open_bins(rough)[np.searchsorted(rough.thresholds, chosen)]


@every
def test_the_choice_is_possible_however_narrow_the_bands(goal: Goal) -> None:
    if goal.is_given or goal.side is not None:
        return
    curve = with_refusal(exact_curve(drawn_pairs(2)))
    far, frr = curve.false_accept_rate, curve.false_reject_rate
    bands = ((0.8 * rate, np.minimum(1.25 * rate, 1)) for rate in (far, frr))
    wide = goal.possible(curve, *bands)
    assert wide[curve.thresholds == goal.threshold(curve)].all() and wide.sum() < len(wide)


@every
def test_a_limit_is_that_of_one_rate(goal: Goal) -> None:
    if goal.side is not None:
        curve = exact_curve(drawn_pairs(3))
        at = np.searchsorted(curve.thresholds, goal.threshold(curve))
        assert (curve.false_accept_rate, curve.false_reject_rate)[goal.side][at] <= goal.limit


@every_kind
def test_the_page_and_the_command_line_ask_for_every_parameter(kind: type[Goal]) -> None:
    names = {declared.name for declared in params_of(kind)}
    assert set(kind.options) == names and set(kind.numbers) == (set() if kind().is_given else names)
    for declared in params_of(kind):
        if declared.name in kind.numbers:
            number, scale = kind.numbers[declared.name], 100 if declared.unit == "share" else 1
            assert all(declared.allows(end / scale) for end in (number.low, number.default, number.high))


def test_no_two_parameters_share_a_name_in_the_url_or_on_the_command_line() -> None:
    keys = [number.key for kind in GOALS.values() for number in kind.numbers.values()]
    options = [option.name for kind in GOALS.values() for option in kind.options.values()]
    assert len(keys) == len(set(keys)) > 4 and len(options) == len(set(options)) > 5


@every_kind
def test_every_goal_has_a_title_of_its_own(kind: type[Goal]) -> None:
    assert kind.title and kind.words and sum(kind.title == other.title for other in GOALS.values()) == 1


def test_goals_differ_on_the_same_pairs() -> None:
    curve = exact_curve(drawn_pairs(0))
    assert len({goal.threshold(curve) for goal in VARIANTS}) >= 5
