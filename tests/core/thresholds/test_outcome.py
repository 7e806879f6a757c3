"""The right side chooses, the right side reports."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.evidence.appraisal import Appraisal, appraise, deepened
from core.evidence.appraisal_of_scores import appraise_scores
from core.evidence.intervals import quantile
from core.evidence.replicates import Replicates
from core.statistics.roc import at
from core.statistics.threshold_grid import threshold_grid
from core.thresholds.outcome import Outcome, outcome
from core.verification.goals import Eer, Far, Frr, Hand
from core.verification.goals.base import Goal
from core.verification.near_pairs import ListedPairs
from core.verification.protocols import FOLDS, OTHERS, SAME
from core.verification.scored_pairs import ScoredPairs
from tests.core.choices import fold_verdicts
from tests.core.evidence.test_appraisal import points_of


@pytest.fixture(scope="module")
def found() -> Appraisal:
    points, labels, edges = points_of(40, samples=4)
    return deepened(appraise(points, labels, edges), points, labels, edges)


GOALS = (Far(0.02), Frr(0.1), Eer(), Hand(2.0))
EVERY_GOAL = pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)


@EVERY_GOAL
def test_a_threshold_is_reported_on_pairs_of_other_identities(found: Appraisal, goal: Goal) -> None:
    told = outcome(found, goal, OTHERS)
    assert told.threshold == goal.threshold(found.choosing.curve)
    assert told.verdict == at(found.reporting.curve, told.threshold)
    place = np.flatnonzero(told.reported.curve.thresholds == told.threshold)[0]
    band = told.reported.false_reject_band()
    assert told.false_reject == (told.verdict.false_reject_rate, band.low[place], band.high[place])
    band = told.reported.false_accept_band()
    assert told.false_accept == (told.verdict.false_accept_rate, band.low[place], band.high[place])
    assert told.verdict != at(found.choosing.curve, told.threshold)


@EVERY_GOAL
def test_on_the_same_pairs_the_goal_is_met_as_it_was_chosen(found: Appraisal, goal: Goal) -> None:
    told = outcome(found, goal, SAME)
    assert told.verdict == at(found.everyone.curve, goal.threshold(found.everyone.curve))


def test_over_folds_rates_are_means_with_students_interval(found: Appraisal) -> None:
    goal = Far(0.02)
    told, verdicts = outcome(found, goal, FOLDS), fold_verdicts(found.folds, goal)
    assert told.threshold == goal.threshold(found.everyone.curve)
    shares = [verdict.false_reject_rate for verdict in verdicts]
    reach = quantile(10) * np.std(shares, ddof=1) / np.sqrt(10)
    expected = np.mean(shares), np.mean(shares) - reach, np.mean(shares) + reach
    assert_allclose(told.false_reject, np.clip(expected, 0, 1))
    assert told.false_accept.low < told.false_accept.share < told.false_accept.high
    assert list(told.folds) == verdicts


def test_limits_have_the_interval_of_the_bands_and_other_goals_that_of_the_bootstrap(found: Appraisal) -> None:
    for goal in GOALS[:2]:
        assert outcome(found, goal, OTHERS).threshold_interval == found.choosing.threshold_interval(goal)
    told = outcome(found, Eer(), OTHERS)
    drawn = found.replicates.threshold_interval(Eer(), evidence=found.choosing)
    assert_allclose(told.threshold_interval, drawn)
    assert told.threshold_interval[0] < told.threshold < told.threshold_interval[1]
    everyone = outcome(found, Eer(), SAME)
    assert everyone.threshold_interval[0] < everyone.threshold < everyone.threshold_interval[1]
    assert outcome(found, Hand(2.0), OTHERS).threshold_interval is None


def rates_of(replicates: Replicates, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """FAR and FRR of each replicate (R,), counted by hand."""
    place = (replicates.thresholds <= threshold).sum() - 1
    wrongly, accepted = replicates.false_accepts, replicates.true_accepts
    return wrongly[place] / wrongly[-1], (accepted[-1] - accepted[place]) / accepted[-1]


def no_narrower(replicates: Replicates, told: Outcome) -> list[tuple[float, float]]:
    """Percentiles of the replicates, out to the ends of the bands of the same pairs at least."""
    bands = told.false_accept[1:], told.false_reject[1:]
    percentiles = [np.quantile(rates, [0.025, 0.975]) for rates in rates_of(replicates, told.threshold)]
    return [(min(low, band[0]), max(high, band[1])) for (low, high), band in zip(percentiles, bands, strict=True)]


@EVERY_GOAL
def test_the_bootstrap_of_the_half_that_reports_tells_of_its_rates(found: Appraisal, goal: Goal) -> None:
    told = outcome(found, goal, OTHERS)
    expected = no_narrower(found.reporting_replicates, told)
    assert_allclose(told.bootstrap_intervals, expected)
    for (low, high), rate in zip(told.bootstrap_intervals, (told.false_accept, told.false_reject), strict=True):
        assert low < rate.share < high
    chose = [np.quantile(rates, [0.025, 0.975]) for rates in rates_of(found.replicates, told.threshold)]
    assert (np.array(chose) != expected).all()


def test_the_bootstrap_tells_nothing_of_pairs_that_it_was_not_drawn_from(found: Appraisal) -> None:
    assert outcome(found, Eer(), SAME).bootstrap_intervals is None
    assert outcome(found, Eer(), FOLDS).bootstrap_intervals is None
    older = replace(found, reporting_replicates=None)
    assert outcome(older, Eer(), OTHERS).bootstrap_intervals is None


def test_on_the_same_pairs_of_a_small_set_all_pairs_are_drawn_from() -> None:
    points, labels, edges = points_of(12)
    found = deepened(appraise(points, labels, edges), points, labels, edges)
    told = outcome(found, Eer(), SAME)
    assert_allclose(told.bootstrap_intervals, no_narrower(found.replicates, told))


def test_naive_rates_are_the_same_with_narrower_intervals(found: Appraisal) -> None:
    told = outcome(found, Far(0.02), OTHERS)
    for rate, naive in zip((told.false_accept, told.false_reject), told.naive_rates(), strict=True):
        assert naive.share == rate.share
        assert rate.low < naive.low and naive.high < rate.high


def test_a_limit_that_the_pairs_cannot_show_is_not_supported(found: Appraisal) -> None:
    assert outcome(found, Far(0.02), OTHERS).is_supported
    assert not outcome(found, Far(1e-6), OTHERS).is_supported
    assert outcome(found, Eer(), OTHERS).is_supported


@pytest.mark.parametrize("protocol", [OTHERS, FOLDS])
def test_small_sets_say_which_protocol_is_left(protocol: str) -> None:
    points, labels, edges = points_of(6)
    with pytest.raises(ValueError, match="needs at least 20 identities with two samples each, got 6. Use same-pairs"):
        outcome(appraise(points, labels, edges), Eer(), protocol)


@pytest.mark.parametrize(("distances", "further"), [([1.0, 2.0, 5.0], 5 + 4 / 1024), ([2.0, 2.0, 2.0], 3.0)])
def test_beyond_the_largest_distance_is_as_far_as_refusing_is_before_the_smallest(
    distances: list[float], further: float
) -> None:
    """A step of the spread, or 1 where there is none: other software may round the largest distance up."""
    pairs = ScoredPairs(np.array(distances), np.array([False, True, False]))
    told = outcome(appraise_scores(pairs, threshold_grid(pairs)), Far(1.0), SAME, ListedPairs(pairs))
    assert (told.threshold, told.elsewhere) == (max(distances), further)
