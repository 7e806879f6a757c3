"""What evidence says of its own limits."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.thresholds.evidence import Evidence
from core.thresholds.goals import EER, FAR, FRR, Goal
from core.thresholds.intervals import quantile, wilson
from core.thresholds.verification import Curve

EDGES = np.linspace(0, 2, 21)


def made(negatives=40_000, positives=900, identities=80):
    share = np.linspace(0.05, 1, 20)
    curve = Curve(
        EDGES[1:],
        np.round(negatives * share**4).astype(np.int64),
        np.round(positives * share**0.5).astype(np.int64),
        negatives,
        positives,
    )
    return Evidence(curve, np.full(20, negatives / 50), np.full(20, positives / 3), identities, identities - 10)


def test_bands_are_wilsons_for_the_effective_pairs():
    found = made()
    expected = wilson(found.curve.false_accept_rate, 800, quantile(80 / 3))
    assert_allclose(found.false_accept_band(), expected)
    expected = wilson(found.curve.false_reject_rate, 300, quantile(70))
    assert_allclose(found.false_reject_band(), expected)


def test_naive_bands_are_narrower_and_inside():
    found = made()
    for band, naive in zip((found.false_accept_band(), found.false_reject_band()), found.naive_bands(), strict=True):
        assert (band.low <= naive.low).all() and (naive.high <= band.high).all()
        assert (naive.high - naive.low < 0.75 * (band.high - band.low)).any()


@pytest.mark.parametrize(("goal", "rate"), [(Goal(FAR, 0.05), "false_accept"), (Goal(FRR, 0.2), "false_reject")])
def test_thresholds_that_might_have_been_chosen(goal, rate):
    """On a rate at the one end of its band and at the other; the choice itself is in between."""
    found = made()
    thresholds, place = found.curve.thresholds, -1 if goal.kind == FAR else 0
    chosen = [thresholds[end <= goal.value][place] for end in getattr(found, f"{rate}_band")()]
    low, high = found.threshold_interval(goal)
    assert (low, high) == (min(chosen), max(chosen)) and low < goal.threshold(found.curve) < high


def test_other_goals_have_no_interval_from_bands():
    assert made().threshold_interval(Goal(EER)) is None


def test_pairs_of_nobody_are_taken_for_independent():
    found = replace(made(), identities=0, genuine_identities=0)
    assert_allclose(found.false_accept_band(), wilson(found.curve.false_accept_rate, 800, quantile()))
    assert_allclose(found.false_reject_band(), wilson(found.curve.false_reject_rate, 300, quantile()))
    assert found.identities_for(Goal(FAR, 1e-9)) == 0


def test_smallest_rates_are_the_rule_of_three():
    assert_allclose(made().smallest_rates(), (3 / 800, 3 / 300))
    few = replace(made(), effective_negatives=np.full(20, 2.0))
    assert few.smallest_rates()[0] == 1


def test_identities_for_a_rate_that_is_too_small():
    found = made()
    assert found.identities_for(Goal(FAR, 3 / 800)) == 0
    assert found.identities_for(Goal(FAR, 3 / 800 / 4)) == 160, "twice as many identities have four times the pairs"
    assert found.identities_for(Goal(FRR, 3 / 300 / 4)) == 280, "genuine pairs grow with the identities"
    assert found.identities_for(Goal(EER)) == found.identities_for(Goal(FAR, 0.0)) == 0


def test_evidence_comes_back_from_its_arrays():
    found = made()
    again = Evidence.from_arrays("everyone", EDGES, found.arrays("everyone"))
    assert_array_equal(again.curve.false_accepts, found.curve.false_accepts)
    assert_array_equal(again.curve.true_accepts, found.curve.true_accepts)
    assert_array_equal(again.effective_positives, found.effective_positives)
    assert (again.identities, again.genuine_identities) == (80, 70)
    assert (again.curve.negative_count, again.curve.positive_count) == (40_000, 900)
