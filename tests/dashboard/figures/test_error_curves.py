from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import plotly.graph_objects as go
import pytest

from core.evidence.evidence import Evidence
from core.statistics.roc import Curve, curve_from_histogram
from dashboard.figures.error_curves import HERE, HIGHEST, det, det_follower, roc, roc_follower
from dashboard.palette import Theme


def evidence_of(curve: Curve) -> Evidence:
    """Of 50 identities whose pairs are worth a tenth of their number."""
    steps = len(curve.thresholds)
    return Evidence(curve, np.full(steps, curve.negative_count / 10), np.full(steps, curve.positive_count / 10), 50, 50)


@pytest.fixture
def curve(rng: np.random.Generator) -> Curve:
    edges = np.linspace(0, 2, 257)
    positive = np.histogram(np.clip(rng.normal(0.6, 0.15, 5_000), 0.01, 1.99), edges)[0]
    negative = np.histogram(np.clip(rng.normal(1.3, 0.15, 45_000), 0.01, 1.99), edges)[0]
    return curve_from_histogram(edges, positive, negative)


@pytest.mark.parametrize("draw", [roc, det])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_place_of_the_handle_lies_within_the_axes(
    draw: Callable[[Evidence, Theme], go.Figure], theme: Theme, curve: Curve
) -> None:
    figure = draw(evidence_of(curve), theme)
    follower = (roc_follower if draw is roc else det_follower)(curve)
    assert [trace.name for trace in figure.data].count(HERE) == 1
    x = np.log10(follower.x) if draw is roc else np.asarray(follower.x)
    for values, axis in ((x, figure.layout.xaxis), (np.asarray(follower.y), figure.layout.yaxis)):
        assert np.isfinite(values).all()
        assert axis.range[0] <= values.min() and values.max() <= axis.range[1]


def test_roc_shows_the_rates_and_zero_below_the_smallest(curve: Curve) -> None:
    follower = roc_follower(curve)
    some = curve.false_accept_rate > 0
    np.testing.assert_array_equal(np.asarray(follower.x)[some], curve.false_accept_rate[some])
    assert (np.asarray(follower.x)[~some] < 1 / curve.negative_count).all() and not some.all()
    np.testing.assert_array_equal(follower.y, curve.true_accept_rate)
    axis = roc(evidence_of(curve), "light").layout.xaxis
    assert axis.ticktext[0] == "0" and axis.tickvals[0] == np.asarray(follower.x)[~some][0]


def test_det_places_are_normal_deviates_of_the_rates(curve: Curve) -> None:
    follower = det_follower(curve)
    shown = (curve.false_accept_rate > 0) & (curve.false_accept_rate < HIGHEST)
    assert shown.sum() > 20
    expected = [NormalDist().inv_cdf(rate) for rate in curve.false_accept_rate[shown]]
    np.testing.assert_allclose(np.asarray(follower.x)[shown], expected)


def test_the_band_lies_from_one_end_of_the_interval_to_the_other(curve: Curve) -> None:
    evidence = evidence_of(curve)
    missed = evidence.false_reject_band()
    assert (missed.low < missed.high).any()
    (band,) = [trace for trace in roc(evidence, "light").data if trace.fill == "toself"]
    high, low = np.split(np.asarray(band.y), 2)
    np.testing.assert_allclose(high, 1 - missed.low)
    np.testing.assert_allclose(low[::-1], 1 - missed.high)
    (band,) = [trace for trace in det(evidence, "light").data if trace.fill == "toself"]
    high, low = np.split(np.asarray(band.y), 2)
    shown = (missed.low > 1 / curve.positive_count) & (missed.high < HIGHEST)
    assert shown.sum() > 20
    for drawn, ends in ((high, missed.high), (low[::-1], missed.low)):
        np.testing.assert_allclose(drawn[shown], [NormalDist().inv_cdf(end) for end in ends[shown]])


def test_rates_that_the_pairs_cannot_show_are_left_grey(curve: Curve) -> None:
    evidence = evidence_of(curve)
    smallest = evidence.smallest_rates()[0]
    assert 1 / curve.negative_count < smallest < HIGHEST
    for draw, end in ((roc, smallest), (det, NormalDist().inv_cdf(smallest))):
        (grey,) = draw(evidence, "light").layout.shapes
        assert grey.x0 < min(trace.x[0] for trace in draw(evidence, "light").data if trace.name == HERE)
        assert grey.x1 == pytest.approx(end)


@pytest.mark.parametrize("count", [45, 3_000, 2_000_000, 600_000_000, 20_000_000_000])
def test_no_label_of_a_rate_runs_into_the_next(count: int) -> None:
    """A letter takes some 6 of the 200 pixels that the narrowest picture has."""
    curve = curve_from_histogram(np.linspace(0, 2, 3), np.array([count, 0]), np.array([0, count]))
    axis = det(evidence_of(curve), "light").layout.xaxis
    places = (np.array(axis.tickvals) - axis.range[0]) / (axis.range[1] - axis.range[0]) * 200
    widths = np.array([6 * len(text) for text in axis.ticktext])
    assert len(places) >= 3 and (np.diff(places) > (widths[:-1] + widths[1:]) / 2).all()


@pytest.mark.parametrize("count", [1, 3, 10, 1_000, 1_000_000])
def test_axes_hold_for_any_number_of_pairs(count: int) -> None:
    curve = curve_from_histogram(np.linspace(0, 2, 5), np.array([0, count, 0, 0]), np.array([0, 0, count, 0]))
    for draw in (roc, det):
        axis = draw(evidence_of(curve), "light").layout.xaxis
        assert len(axis.tickvals) == len(axis.ticktext)
        assert axis.range[0] < axis.range[1]


def test_the_pointer_says_the_rule_and_both_rates_in_words(curve: Curve) -> None:
    for is_similarity, rule in ((False, "distances up to {:.4g}"), (True, "similarities from {:.4g} up")):
        line = roc(evidence_of(curve), "light", is_similarity=is_similarity).data[0]
        sign = -1 if is_similarity else 1
        assert [row[0] for row in line.customdata] == [rule.format(0.0 + sign * one) for one in curve.thresholds]
        assert "of impostors let in" in line.hovertemplate and "of genuine pairs refused" in line.hovertemplate
