"""What evidence says of its own limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from core.evidence.evidence import Evidence
from core.evidence.intervals import quantile, wilson
from core.evidence.vouching import Vouching
from core.statistics.roc import Curve
from core.verification.goals import Eer, Far, Frr
from core.verification.weighted_curve import IdentityCurve
from tests.core.populations import naive_bands

EDGES = np.linspace(0, 2, 21)
VOUCHING = Vouching(60.5, 3, 0.1, 80.0), Vouching(40.25, 7, 0.2, 50.0)


def made(negatives: int = 40_000, positives: int = 900, identities: int = 80) -> Evidence:
    share = np.linspace(0.05, 1, 20)
    curve = Curve(
        EDGES[1:],
        np.round(negatives * share**4).astype(np.int64),
        np.round(positives * share**0.5).astype(np.int64),
        negatives,
        positives,
    )
    return Evidence(curve, np.full(20, negatives / 50), np.full(20, positives / 3), identities, identities - 10)


def test_bands_are_wilsons_for_the_effective_pairs_and_their_degrees_of_freedom() -> None:
    found = replace(made(), freedom=np.stack([np.linspace(3, 22, 20), np.full(20, np.inf)]), vouching=VOUCHING)
    for place in (0, 7, 19):
        expected = wilson(found.curve.false_accept_rate[place], 800, stats.t.ppf(0.975, 3 + place))
        assert_allclose([end[place] for end in found.false_accept_band()], expected)
    assert_allclose(found.false_reject_band(), wilson(found.curve.false_reject_rate, 300, stats.norm.ppf(0.975)))
    assert found.is_vouched


def test_evidence_of_an_older_version_says_so_and_keeps_its_intervals() -> None:
    found = made()
    expected = wilson(found.curve.false_accept_rate, 800, quantile(80 / 3))
    assert_allclose(found.false_accept_band(), expected)
    expected = wilson(found.curve.false_reject_rate, 300, quantile(70))
    assert_allclose(found.false_reject_band(), expected)
    assert not found.is_vouched


def test_evidence_is_vouched_for_where_both_kinds_of_pairs_are() -> None:
    doubtful = Vouching(2.0, 3, 0.9, 1.0)
    for kinds, is_vouched in (((doubtful, VOUCHING[1]), False), ((VOUCHING[0], doubtful), False), (VOUCHING, True)):
        assert replace(made(), freedom=np.ones((2, 20)), vouching=kinds).is_vouched == is_vouched


def test_naive_bands_are_narrower_and_inside() -> None:
    found = made()
    for band, naive in zip((found.false_accept_band(), found.false_reject_band()), naive_bands(found), strict=True):
        assert (band.low <= naive.low).all() and (naive.high <= band.high).all()
        assert (naive.high - naive.low < 0.75 * (band.high - band.low)).any()


@pytest.mark.parametrize(("goal", "rate"), [(Far(0.05), "false_accept"), (Frr(0.2), "false_reject")])
def test_thresholds_that_might_have_been_chosen(goal: Far | Frr, rate: str) -> None:
    """On a rate at the one end of its band and at the other, and to the next thresholds; the choice is in between."""
    found = made()
    thresholds, place = found.curve.thresholds, -1 if goal.side == 0 else 0
    chosen = [thresholds[end <= goal.limit][place] for end in getattr(found, f"{rate}_band")()]
    low, high = found.threshold_interval(goal)
    assert_allclose((low + 0.1, high - 0.1), (min(chosen), max(chosen)))
    assert low < goal.threshold(found.curve) < high


def test_the_interval_of_a_threshold_reaches_to_its_neighbours() -> None:
    """Even where the band is so narrow that it stays between two thresholds."""
    found = made(negatives=4 * 10**12, positives=9 * 10**10)
    for goal in (Far(0.05), Frr(0.2)):
        place = np.flatnonzero(found.curve.thresholds == goal.threshold(found.curve))[0]
        low, high = found.threshold_interval(goal)
        assert (low, high) == (found.curve.thresholds[place - 1], found.curve.thresholds[place + 1])


def test_other_goals_have_no_interval_from_bands() -> None:
    assert made().threshold_interval(Eer()) is None


def test_pairs_of_nobody_are_taken_for_independent() -> None:
    found = replace(made(), identities=0, genuine_identities=0)
    assert_allclose(found.false_accept_band(), wilson(found.curve.false_accept_rate, 800, quantile()))
    assert_allclose(found.false_reject_band(), wilson(found.curve.false_reject_rate, 300, quantile()))
    assert found.identities_for(Far(1e-9)) == 0


def test_smallest_rates_are_the_rule_of_three() -> None:
    assert_allclose(made().smallest_rates(), (3 / 800, 3 / 300))
    few = replace(made(), effective_negatives=np.full(20, 2.0))
    assert few.smallest_rates()[0] == 1


@pytest.mark.parametrize("linear", [0.0, 0.3, 1.0])
def test_identities_for_a_rate_that_is_too_small(linear: float) -> None:
    """So many that the variance, part of which falls with their number and part with its square, is small enough."""
    found = replace(made(), linear=linear)
    assert found.identities_for(Far(3 / 800)) == 0
    limit = 3 / 800 / 4
    needed = found.identities_for(Far(limit))
    for count, enough in ((needed, True), (needed - 1, False)):
        times = count / 80
        assert (3 * (linear / times + (1 - linear) / times**2) / 800 <= limit * (1 + 1e-12)) == enough
    assert needed == {0.0: 160, 1.0: 320}.get(linear, needed)
    assert found.identities_for(Frr(3 / 300 / 4)) == 280, "genuine pairs grow with the identities"
    assert found.identities_for(Eer()) == found.identities_for(Far(0.0)) == 0


@pytest.mark.parametrize("kept", ["older", "now", "by identity"])
def test_evidence_comes_back_from_its_arrays(kept: str) -> None:
    found = made()
    if kept != "older":
        found = replace(found, freedom=np.random.default_rng(0).random((2, 20)), vouching=VOUCHING, linear=0.25)
    if kept == "by identity":
        curve = IdentityCurve(
            **vars(found.curve), accept_rate=np.linspace(0, 1, 20) ** 2, reject_rate=np.linspace(1, 0, 20)
        )
        found = replace(found, curve=curve)
    again = Evidence.from_arrays("everyone", EDGES, found.arrays("everyone"))
    for name, value in vars(found.curve).items():
        assert_array_equal(getattr(again.curve, name), value, err_msg=name)
    assert type(again.curve) is type(found.curve) and again.weights == found.weights
    assert_array_equal(again.effective_positives, found.effective_positives)
    assert_array_equal(again.degrees_of_freedom, found.degrees_of_freedom)
    assert (again.vouching, again.linear, again.freedom is None) == (found.vouching, found.linear, kept == "older")
    assert (again.identities, again.genuine_identities) == (80, 70)
    assert (again.curve.negative_count, again.curve.positive_count) == (40_000, 900)


@pytest.mark.parametrize("version", ["older", "now"])
def test_evidence_on_another_curve_has_its_counts_and_intervals_between_those_known(version: str) -> None:
    """The numbers jump from the fourth to the fifth threshold, with their degrees of freedom: the intervals do not."""
    found = made()
    if version == "now":
        numbers, freedom = np.where(np.arange(20) < 5, 100.0, 9.0), np.where(np.arange(20) < 5, 1.0, np.inf)
        found = replace(found, effective_negatives=numbers, freedom=np.stack([freedom, freedom]), vouching=VOUCHING)
    curve = found.curve
    inserted = Curve(
        np.insert(curve.thresholds, 5, 0.525),
        np.insert(curve.false_accepts, 5, curve.false_accepts[4]),
        np.insert(curve.true_accepts, 5, curve.true_accepts[4]),
        curve.negative_count,
        curve.positive_count,
    )
    there = found.on(inserted)
    for before, after in (
        (found.false_accept_band(), there.false_accept_band()),
        (found.false_reject_band(), there.false_reject_band()),
    ):
        assert_allclose(np.delete(after, 5, axis=1), before)
    steps = np.square(stats.t.ppf(0.975, found.degrees_of_freedom[0, 4:6])) / found.effective_negatives[4:6]
    rate, step = curve.false_accept_rate[4], 0.75 * steps[0] + 0.25 * steps[1]
    assert_allclose([end[5] for end in there.false_accept_band()], wilson(rate, 1.0, np.sqrt(step)))


def test_degrees_of_freedom_are_those_of_the_nearest_threshold() -> None:
    """Half way those of the smaller one."""
    found = replace(made(), freedom=np.stack([np.arange(20.0), np.arange(50.0, 70.0)]), vouching=VOUCHING)
    found = replace(found, curve=replace(found.curve, thresholds=np.arange(1.0, 21.0)))
    there, nothing = np.array([0.5, 1.25, 1.5, 1.75, 3.0, 19.25, 25.0]), np.zeros(7, np.int64)
    freedom = found.on(Curve(there, nothing, nothing, 40_000, 900)).degrees_of_freedom
    assert_array_equal(freedom[0], [0, 0, 0, 1, 2, 18, 19])
    assert_array_equal(freedom[1], freedom[0] + 50)


def test_promises_agree_with_one_sided_intervals() -> None:
    """Of 90 %, whose upper end is a one-sided bound of 95 %."""
    found = replace(made(), freedom=np.full((2, 20), 9.0), vouching=VOUCHING)
    far, frr = Far(0.05), Frr(0.2)
    for goal, rate, worth, accepted in (
        (far, found.curve.false_accept_rate, 800, lambda kept: np.flatnonzero(kept)[-1]),
        (frr, found.curve.false_reject_rate, 300, lambda kept: np.flatnonzero(kept)[0]),
    ):
        bound = wilson(rate, worth, stats.t.ppf(0.95, 9)).high
        place = accepted(bound <= goal.limit)
        safe = found.safe_threshold(goal)
        assert safe == found.curve.thresholds[place] and found.promise(goal, safe) >= 0.95
        assert 0.3 < found.promise(goal, goal.threshold(found.curve)) < 0.95
    assert found.safe_threshold(far) < far.threshold(found.curve)
    assert found.safe_threshold(frr) > frr.threshold(found.curve)


def test_only_refusing_everybody_is_safe_where_no_threshold_is() -> None:
    found = made()
    assert found.safe_threshold(Far(1e-7)) is None and found.safe_threshold(Far(0.0)) is None
    assert found.promise(Far(1e-7), -1.0) == 1, "who accepts nobody keeps every limit of FAR"
    assert found.promise(Frr(0.1), -1.0) == 0
    assert found.promise(Eer(), 1.0) is None and found.safe_threshold(Eer()) is None
    assert found.safe_threshold(Far(1.0)) == found.curve.thresholds[-1]
    assert found.safe_threshold(Frr(0.001)) is None
