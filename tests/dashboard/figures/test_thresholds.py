from __future__ import annotations

import numpy as np
import pytest

from core.evidence import Evidence
from core.verification import Curve, curve_from_histogram
from dashboard.figures.thresholds import BARS, CLEAR, DOTS, distances, handle

THEMES = ("light", "dark")


def evidence_of(curve: Curve) -> Evidence:
    """Of 50 identities whose pairs are worth a tenth of their number."""
    steps = len(curve.thresholds)
    return Evidence(curve, np.full(steps, curve.negative_count / 10), np.full(steps, curve.positive_count / 10), 50, 50)


@pytest.fixture
def curve(rng: np.random.Generator) -> Curve:
    edges = np.linspace(0, 2, 1025)
    positive = np.histogram(np.clip(rng.normal(0.7, 0.2, 20_000), 0.01, 1.99), edges)[0]
    negative = np.histogram(np.clip(rng.normal(1.2, 0.2, 180_000), 0.01, 1.99), edges)[0]
    return curve_from_histogram(edges, positive, negative)


@pytest.mark.parametrize("theme", THEMES)
def test_the_bars_hold_every_pair(curve, theme):
    positive, negative = distances(curve, theme).data[:2]
    assert positive.customdata.sum() == curve.positive_count
    assert negative.customdata.sum() == curve.negative_count
    assert len(positive.x) == len(positive.y) == BARS + 1
    np.testing.assert_allclose([positive.y.sum(), negative.y.sum()], 100)


def test_the_axis_begins_below_negative_distances_and_names_the_distance() -> None:
    edges = np.linspace(-1, 1, 1025)
    counts = np.histogram([-0.99, -0.5, 0.3, 0.9], edges)[0]
    shown = distances(curve_from_histogram(edges, counts, counts[::-1]), "light", " (minus the dot product)")
    assert list(shown.layout.xaxis.range) == pytest.approx([-1, 1])
    assert shown.layout.xaxis.title.text == "distance of the two images (minus the dot product)"
    assert shown.data[0].customdata[0] == 1 and shown.data[0].customdata.sum() == 4


def test_the_two_kinds_differ_in_more_than_colour(curve):
    positive, negative, rejects, accepts = distances(curve, "light").data
    assert positive.fillpattern.shape != negative.fillpattern.shape
    assert rejects.marker.symbol != accepts.marker.symbol


@pytest.mark.parametrize("stop", [0, 300, 450, 511, 1023])
def test_dots_on_the_wrong_side_are_the_share_of_errors(curve, stop):
    described = handle(evidence_of(curve), 1.0, "threshold", "light")
    threshold = curve.thresholds[stop]
    for recolour, rate in zip(
        described.recolours, (curve.false_reject_rate[stop], curve.false_accept_rate[stop]), strict=True
    ):
        looks = np.array(recolour.colours)[(np.asarray(recolour.by) >= threshold).astype(int)]
        assert abs((looks != CLEAR).mean() - rate) <= 0.5 / DOTS + 1e-12


def test_a_column_of_dots_is_as_high_as_its_bar(curve):
    positive, _, rejects, _ = distances(curve, "light").data
    for left, right, height in zip(positive.x, positive.x[1:], positive.y, strict=False):
        inside = rejects.y[(rejects.x > left) & (rejects.x < right)]
        assert abs(len(inside) * 100 / DOTS - height) <= 100 / DOTS


def test_readouts_are_the_curve_at_every_stop(curve):
    described = handle(evidence_of(curve), 1.0, "threshold", "light")
    values = {readout.label: readout.values for readout in described.readouts}
    np.testing.assert_array_equal(described.stops, curve.thresholds)
    np.testing.assert_array_equal(values["False accepts"], curve.false_accepts)
    np.testing.assert_array_equal(values["False rejects"], curve.positive_count - curve.true_accepts)
    np.testing.assert_array_equal(values["TAR"], curve.true_accept_rate)
    np.testing.assert_array_equal(values["Accuracy"], curve.accuracy)


def test_words_are_of_a_round_number_that_shows_at_least_one(curve):
    words = handle(evidence_of(curve), 1.0, "threshold", "light").words
    numbers, bases = words["impostors"], words["impostor_base"]
    some = curve.false_accepts > 0
    assert some.any() and not some.all()
    assert (numbers[some] >= 1).all() and (numbers[~some] == 0).all() and (bases[~some] == curve.negative_count).all()
    assert set(bases) <= {1_000, 10_000, 100_000, curve.negative_count}
    assert np.abs(numbers / bases - curve.false_accept_rate).max() <= 0.5 / 1000 + 1e-12


def test_words_of_fewer_than_a_thousand_pairs_are_their_counts():
    curve = curve_from_histogram(np.linspace(0, 2, 5), np.array([3, 2, 1, 0]), np.array([0, 1, 4, 5]))
    words = handle(evidence_of(curve), 1.0, "threshold", "light").words
    assert list(words["genuine"]) == [3, 1, 0, 0] and set(words["genuine_base"]) == {6}
    assert list(words["impostors"]) == [0, 1, 5, 10] and set(words["impostor_base"]) == {10}


def test_few_thresholds_are_drawn_one_bar_each():
    curve = curve_from_histogram(np.linspace(0, 2, 5), np.array([3, 2, 1, 0]), np.array([0, 1, 4, 5]))
    assert list(distances(curve, "dark").data[0].customdata) == [3, 2, 1, 0, 0]
