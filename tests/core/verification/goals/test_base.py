"""What goals inherit: the refusal in front, the choice among equals, open bins, and the words of a command line."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.statistics.roc import Curve, exact_curve
from core.verification.goals import Cost, Eer, Far, FBeta, Frr, Goal, Youden
from core.verification.goals.base import Option, in_counts, with_refusal
from core.verification.weighted_curve import IdentityCurve
from tests.core.choices import best_threshold, drawn_pairs

TIED = Curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 1, 5]), np.array([0, 2, 2, 4]), 5, 4)
OPEN = Curve(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 2]), np.array([1, 3, 4]), 2, 4)


def by_identity(curve: Curve) -> IdentityCurve:
    return IdentityCurve(**vars(curve), accept_rate=curve.false_accept_rate**2, reject_rate=curve.false_reject_rate**2)


def test_a_curve_that_refuses_everybody_at_first_stays_as_it_is() -> None:
    assert with_refusal(TIED) is TIED


@pytest.mark.parametrize("curve", [OPEN, by_identity(OPEN)], ids=["pairs", "identities"])
def test_a_threshold_that_refuses_everybody_is_put_two_steps_in_front(curve: Curve) -> None:
    found = with_refusal(curve)
    assert type(found) is type(curve) and found.thresholds[0] < 1 - 2 * (2 - 1)
    assert_array_equal(found.thresholds[1:], curve.thresholds)
    assert (found.false_accept_rate[0], found.false_reject_rate[0]) == (0, 1)
    for name in ("true_accepts", "false_accepts", "false_accept_rate", "false_reject_rate"):
        assert_array_equal(getattr(found, name)[1:], getattr(curve, name))


@pytest.mark.parametrize("only", [-3.0, 0.0, 1e-300, 7.0])
def test_one_threshold_alone_gets_one_below_it(only: float) -> None:
    found = with_refusal(Curve(np.array([only]), np.array([2]), np.array([4]), 2, 4)).thresholds
    assert len(found) == 2 and found[0] < found[1] == only


def test_broken_counts_have_the_rates_of_identities() -> None:
    assert in_counts(OPEN) is OPEN
    curve = by_identity(OPEN)
    counted = in_counts(curve)
    assert type(counted) is Curve
    np.testing.assert_allclose(counted.false_accept_rate, curve.accept_rate)
    np.testing.assert_allclose(counted.false_reject_rate, curve.reject_rate)


def test_of_equally_good_thresholds_the_smallest_is_chosen() -> None:
    assert_array_equal(Youden().merit(TIED), [0, 2 * 5 - 4, 2 * 5 - 4, 0])
    assert Youden().threshold(TIED) == 2.0
    assert Cost().threshold(replace(TIED, true_accepts=np.zeros(4, int))) == 1.0


def test_a_curve_by_identity_may_be_decided_otherwise() -> None:
    curve = IdentityCurve(**vars(TIED), accept_rate=np.array([0, 0.1, 0.1, 1]), reject_rate=np.array([1, 0.9, 0.1, 0]))
    assert (Youden().threshold(TIED), Youden().threshold(curve)) == (2.0, 3.0)


@pytest.mark.parametrize("goal", [Youden(), Cost(9.0, 1.0, 0.5), FBeta(2.0)], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_a_better_threshold_lies_in_an_open_bin_of_a_coarse_curve(goal: Goal, seed: int) -> None:
    """Only every fifth threshold is known; the best of all is one of these or lies in a bin that was left open."""
    pairs = drawn_pairs(seed)
    fine = with_refusal(exact_curve(pairs))
    rows = np.append(np.arange(0, len(fine.thresholds) - 1, 5), len(fine.thresholds) - 1)
    coarse = replace(
        fine,
        thresholds=fine.thresholds[rows],
        false_accepts=fine.false_accepts[rows],
        true_accepts=fine.true_accepts[rows],
    )
    merit, best = goal.merit(fine), goal.merit(coarse).max()
    opened = goal.open_bins(coarse)
    assert 0 < opened.sum() < len(opened)
    for place, threshold in enumerate(fine.thresholds):
        if merit[place] > best:
            assert opened[np.searchsorted(coarse.thresholds, threshold)]


@pytest.mark.parametrize(
    ("goal", "bins"), [(Far(0.1), [1]), (Frr(0.5), [1]), (Eer(), [3]), (Far(1.0), [])], ids=lambda value: str(value)
)
def test_a_line_is_crossed_within_one_bin(goal: Goal, bins: list[int]) -> None:
    assert np.flatnonzero(goal.open_bins(TIED)).tolist() == bins


def test_a_bin_without_pairs_is_not_open() -> None:
    assert Youden().open_bins(TIED)[2] == np.False_


@pytest.mark.parametrize("goal", [Youden(), Cost(3.0, 1.0, 0.5)], ids=str)
def test_what_might_be_the_choice_is_at_its_best_no_worse_than_the_best_at_its_worst(goal: Goal) -> None:
    curve = with_refusal(exact_curve(drawn_pairs(0)))
    rates = curve.false_accept_rate, curve.false_reject_rate
    (far, frr) = ((0.9 * rate, np.minimum(1.2 * rate + 0.01, 1.0)) for rate in rates)

    def worth(place: int, end: int) -> float:
        accepts, rejects = far[end][place], frr[end][place]
        return 1 - accepts - rejects if isinstance(goal, Youden) else -0.5 * rejects - 0.5 * 3 * accepts

    places = range(len(curve.thresholds))
    worst = max(worth(place, 1) for place in places)
    expected = [worth(place, 0) >= worst - 1e-12 for place in places]
    assert goal.possible(curve, far, frr).tolist() == expected and 1 < sum(expected) < len(expected)


def test_the_choice_is_that_of_a_loop_over_all_thresholds() -> None:
    pairs = drawn_pairs(1)
    by_hand = best_threshold(pairs, lambda counts: 1 - counts.far - counts.frr)
    assert Youden().chosen(exact_curve(pairs)) == by_hand


def test_an_option_is_kept_by_argparse_under_its_name() -> None:
    assert Option("cost-false-accept", "help").attribute == "cost_false_accept"


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (Far(0.05), ["--target-far", "0.05"]),
        (Youden(), ["--goal", "youden"]),
        (
            Cost(9.0, 1.0, 0.25),
            "--goal cost --cost-false-accept 9.0 --cost-false-reject 1.0 --genuine-share 0.25".split(),
        ),
    ],
    ids=str,
)
def test_a_card_tells_the_words_that_choose_its_goal_again(goal: Goal, words: list[str]) -> None:
    card: dict[str, Any] = {"goal": goal.on_card()}
    assert card["goal"] == {"kind": goal.name} | {field.name: getattr(goal, field.name) for field in fields(goal)}
    assert type(goal).words_for(card) == words
