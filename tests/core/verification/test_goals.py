"""Every goal against a loop over all thresholds, ties included; rates against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import fbeta_score

from core.statistics.pair_distances import PairDistances
from core.statistics.roc import Curve, equal_error_rate, exact_curve
from core.verification.goals import Costs, Goal, expected_cost, f_beta, nearest_threshold

COSTS = Costs(false_accept=10.0, false_reject=1.0, genuine_share=0.8)
GOALS = [
    Goal("far", 0.02),
    Goal("far", 1.0),
    Goal("frr", 0.1),
    Goal("frr", 0.0),
    Goal("accuracy"),
    Goal("youden"),
    Goal("f-beta", 0.5),
    Goal("f-beta", 2.0),
    Goal("cost"),
    Goal("cost", costs=COSTS),
]


@pytest.fixture(params=range(4))
def pairs(request: pytest.FixtureRequest) -> PairDistances:
    """200 positive and 700 negative pairs at few places: each holds many, of both kinds."""
    generator = np.random.default_rng(request.param)
    kinds = (generator.normal(middle, 0.25, count).round(1) for middle, count in ((0.7, 200), (1.2, 700)))
    return PairDistances(*(np.sort(kind) for kind in kinds))


def merits(pairs: PairDistances, goal: Goal, threshold: float) -> tuple[float, float]:
    """What makes a threshold the better one, from counts of single pairs; the second number decides between equals."""
    true_accepts = sum(distance <= threshold for distance in pairs.positive)
    false_accepts = sum(distance <= threshold for distance in pairs.negative)
    far, frr = false_accepts / len(pairs.negative), 1 - true_accepts / len(pairs.positive)
    true_rejects = len(pairs.negative) - false_accepts
    truth = np.repeat([1, 0], [len(pairs.positive), len(pairs.negative)])
    judged = np.concatenate([pairs.positive, pairs.negative]) <= threshold
    costs = goal.costs
    merit = {
        "far": lambda: float(far <= goal.value),
        "frr": lambda: float(true_accepts >= (1 - goal.value) * len(pairs.positive)),
        "accuracy": lambda: true_accepts + true_rejects,
        "youden": lambda: round(1 - frr - far, 12),
        "f-beta": lambda: round(fbeta_score(truth, judged, beta=goal.value, zero_division=0.0), 12),
        "cost": lambda: (
            -round(
                costs.genuine_share * frr * costs.false_reject + (1 - costs.genuine_share) * far * costs.false_accept,
                12,
            )
        ),
    }[goal.kind]()
    return merit, threshold if goal.kind == "far" else -threshold


@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_no_other_threshold_serves_the_goal_better(pairs: PairDistances, goal: Goal) -> None:
    curve = exact_curve(pairs)
    chosen = goal.threshold(curve)
    best = max(curve.thresholds.tolist(), key=lambda threshold: merits(pairs, goal, threshold))
    assert chosen == best
    assert len(np.intersect1d(pairs.positive, pairs.negative)) > 3, "there must be ties between the kinds"


def test_goals_differ_on_the_same_pairs(pairs: PairDistances) -> None:
    curve = exact_curve(pairs)
    assert len({goal.threshold(curve) for goal in GOALS}) >= 5


def test_an_even_cost_of_even_shares_is_the_mean_of_both_rates(pairs: PairDistances) -> None:
    curve = exact_curve(pairs)
    expected = (curve.false_accept_rate + curve.false_reject_rate) / 2
    np.testing.assert_allclose(expected_cost(curve, Costs()), expected)
    assert Goal("cost").threshold(curve) == Goal("youden").threshold(curve)


def test_f_of_a_curve_is_that_of_scikit_learn(pairs: PairDistances) -> None:
    curve = exact_curve(pairs)
    truth = np.repeat([1, 0], [len(pairs.positive), len(pairs.negative)])
    distances = np.concatenate([pairs.positive, pairs.negative])
    expected = [fbeta_score(truth, distances <= threshold, beta=2.0) for threshold in curve.thresholds]
    np.testing.assert_allclose(f_beta(curve, 2.0), expected, rtol=1e-12)


def test_the_eer_goal_is_the_threshold_nearest_to_the_crossing(pairs: PairDistances) -> None:
    curve = exact_curve(pairs)
    gaps = np.abs(curve.thresholds - equal_error_rate(curve)[1])
    assert np.abs(Goal("eer").threshold(curve) - equal_error_rate(curve)[1]) == gaps.min()


@pytest.mark.parametrize(
    ("value", "expected"), [(1.03, 1.0), (1.04, 1.0625), (1.03125, 1.0), (-3.0, 0.0625), (9.0, 2.0)]
)
def test_a_value_goes_to_the_nearest_threshold_and_down_at_a_tie(value: float, expected: float) -> None:
    thresholds = np.linspace(0, 2, 33)[1:]
    assert nearest_threshold(Curve(thresholds, np.arange(32), np.arange(32), 40, 40), value) == expected


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: Goal("best"), "goal must be one of far, frr, .*, got 'best'"),
        (lambda: Goal("far", -0.1), "max_false_accept_rate must be from 0 to 1, got -0.1"),
        (lambda: Goal("far", np.nan), "max_false_accept_rate must be from 0 to 1, got nan"),
        (lambda: Goal("frr", 1.5), "max_false_reject_rate must be from 0 to 1, got 1.5"),
        (lambda: Goal("f-beta", 0.0), "beta must be above 0, got 0.0"),
        (lambda: Costs(false_accept=-1.0), "cost of a false accept must be 0 or more, got -1.0"),
        (lambda: Costs(false_reject=np.nan), "cost of a false reject must be 0 or more, got nan"),
        (lambda: Costs(genuine_share=1.2), "genuine_share must be from 0 to 1, got 1.2"),
    ],
)
def test_a_bad_goal_is_refused(bad, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bad()


def test_a_limit_that_no_pair_allows_refuses_everybody() -> None:
    curve = exact_curve(PairDistances(np.array([0.5]), np.array([0.1, 0.7])))
    assert Goal("far", 0.2).threshold(curve) < 0.1
    assert Goal("far", 0.5).threshold(curve) == 0.5


def test_refusing_everybody_is_chosen_where_it_is_best() -> None:
    """Seven pairs, the closest two of them impostors: 4 of 7 are right when nobody is accepted, 3 of 7 at most else."""
    curve = exact_curve(PairDistances(np.array([0.3, 0.5, 0.9]), np.array([0.1, 0.2, 0.4, 0.8])))
    accuracy = np.append(4 / 7, curve.accuracy)
    assert Goal("accuracy").threshold(curve) < 0.1 and accuracy.max() == accuracy[0] > accuracy[1:].max()
    costs = Costs(100.0, 0.01, 0.5)
    assert Goal("cost", costs=costs).threshold(curve) < 0.1


def test_by_hand_is_the_number_given() -> None:
    curve = exact_curve(PairDistances(np.array([0.5]), np.array([0.1, 0.7])))
    assert [Goal("hand", value).threshold(curve) for value in (0.6, -2.0, 9.0)] == [0.6, -2.0, 9.0]
