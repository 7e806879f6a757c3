from __future__ import annotations

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.statistics.roc import Curve, curve_from_histogram
from core.statistics.threshold_grid import BARS
from dashboard.components.gestures import Follower
from dashboard.figures.thresholds import CLEAR, DOTS, distances, follow, handle
from dashboard.palette import Theme

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
def test_the_bars_hold_every_pair(curve: Curve, theme: Theme) -> None:
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
    assert shown.layout.xaxis.title.text == "distance of the pair (minus the dot product)"
    assert shown.data[0].customdata[0] == 1 and shown.data[0].customdata.sum() == 4


def test_the_two_kinds_differ_in_more_than_colour(curve: Curve) -> None:
    positive, negative, rejects, accepts = distances(curve, "light").data
    assert positive.fillpattern.shape != negative.fillpattern.shape
    assert rejects.marker.symbol != accepts.marker.symbol


@pytest.mark.parametrize("stop", [0, 300, 450, 511, 1023])
def test_dots_on_the_wrong_side_are_the_share_of_errors(curve: Curve, stop: int) -> None:
    described = handle(evidence_of(curve), 1.0, "threshold", "light")
    threshold = curve.thresholds[stop]
    for recolour, rate in zip(
        described.recolours, (curve.false_reject_rate[stop], curve.false_accept_rate[stop]), strict=True
    ):
        looks = np.array(recolour.colours)[(np.asarray(recolour.by) >= threshold).astype(int)]
        assert abs((looks != CLEAR).mean() - rate) <= 0.5 / DOTS + 1e-12


def test_a_column_of_dots_is_as_high_as_its_bar(curve: Curve) -> None:
    positive, _, rejects, _ = distances(curve, "light").data
    for left, right, height in zip(positive.x, positive.x[1:], positive.y, strict=False):
        inside = rejects.y[(rejects.x > left) & (rejects.x < right)]
        assert abs(len(inside) * 100 / DOTS - height) <= 100 / DOTS


def test_readouts_are_the_curve_at_every_stop(curve: Curve) -> None:
    described = handle(evidence_of(curve), 1.0, "threshold", "light")
    values = {readout.label: readout.values for readout in described.readouts}
    np.testing.assert_array_equal(described.stops, curve.thresholds)
    np.testing.assert_array_equal(values["False accepts"], curve.false_accepts)
    np.testing.assert_array_equal(values["False rejects"], curve.positive_count - curve.true_accepts)
    np.testing.assert_array_equal(values["TAR"], curve.true_accept_rate)
    np.testing.assert_array_equal(values["Accuracy"], curve.accuracy)


def test_words_are_of_a_round_number_that_shows_at_least_one(curve: Curve) -> None:
    words = handle(evidence_of(curve), 1.0, "threshold", "light").words
    numbers, bases = words["impostors"], words["impostor_base"]
    some = curve.false_accepts > 0
    assert some.any() and not some.all()
    assert (numbers[some] >= 1).all() and (numbers[~some] == 0).all() and (bases[~some] == curve.negative_count).all()
    assert set(bases) <= {1_000, 10_000, 100_000, curve.negative_count}
    assert np.abs(numbers / bases - curve.false_accept_rate).max() <= 0.5 / 1000 + 1e-12


def test_words_of_fewer_than_a_thousand_pairs_are_their_counts() -> None:
    curve = curve_from_histogram(np.linspace(0, 2, 5), np.array([3, 2, 1, 0]), np.array([0, 1, 4, 5]))
    words = handle(evidence_of(curve), 1.0, "threshold", "light").words
    assert list(words["genuine"]) == [3, 1, 0, 0] and set(words["genuine_base"]) == {6}
    assert list(words["impostors"]) == [0, 1, 5, 10] and set(words["impostor_base"]) == {10}


def test_few_thresholds_are_drawn_one_bar_each() -> None:
    curve = curve_from_histogram(np.linspace(0, 2, 5), np.array([3, 2, 1, 0]), np.array([0, 1, 4, 5]))
    assert list(distances(curve, "dark").data[0].customdata) == [3, 2, 1, 0, 0]


def curve_of(positive: np.ndarray, negative: np.ndarray) -> Curve:
    """At every distinct distance."""
    thresholds = np.unique(np.concatenate([positive, negative]))
    wrongly, accepted = (np.searchsorted(np.sort(kind), thresholds, side="right") for kind in (negative, positive))
    return Curve(thresholds, wrongly, accepted, len(negative), len(positive))


@pytest.fixture
def uneven(rng: np.random.Generator) -> tuple[Curve, np.ndarray, np.ndarray]:
    """Thresholds that are the distances of pairs: dense in the middle, one far away, negative ones, ties."""
    positive, negative = rng.normal(-0.6, 0.1, 300).round(3), np.append(rng.normal(-0.2, 0.1, 900).round(3), 1.5)
    return curve_of(positive, negative), positive, negative


def test_bars_of_uneven_thresholds_are_as_wide_as_each_other_and_hold_the_pairs_in_them(
    uneven: tuple[Curve, np.ndarray, np.ndarray],
) -> None:
    curve, *kinds = uneven
    assert np.ptp(np.diff(curve.thresholds)) > 1 and len(set(kinds[1])) < 900
    for trace, distances_of_kind in zip(distances(curve, "light").data[:2], kinds, strict=True):
        places = np.asarray(trace.x)
        np.testing.assert_allclose(np.diff(places), (places[-1] - places[0]) / BARS)
        expected = [
            sum(1 for distance in distances_of_kind if low < distance <= high)
            for low, high in zip(places, places[1:], strict=False)
        ]
        assert list(trace.customdata[:-1]) == expected and sum(expected) == len(distances_of_kind)
        assert expected.count(0) > 10, "the gap before the pair far away is empty"


@pytest.mark.parametrize("stop", [0, 1, 100, -2, -1])
def test_dots_of_uneven_thresholds_are_the_share_of_errors(
    uneven: tuple[Curve, np.ndarray, np.ndarray], stop: int
) -> None:
    curve = uneven[0]
    described = handle(evidence_of(curve), 0.0, "threshold", "light", is_similarity=True)
    similarity = 0.0 - curve.thresholds[stop]
    for recolour, rate in zip(
        described.recolours, (curve.false_reject_rate[stop], curve.false_accept_rate[stop]), strict=True
    ):
        looks = np.array(recolour.colours)[(np.asarray(recolour.by) >= similarity).astype(int)]
        assert abs((looks != CLEAR).mean() - rate) <= 0.5 / DOTS + 1e-12


@pytest.mark.parametrize("stop", [0, 1, 100, -2, -1])
def test_a_handle_of_similarities_ascends_and_says_what_that_of_distances_says(
    uneven: tuple[Curve, np.ndarray, np.ndarray], stop: int
) -> None:
    curve = uneven[0]
    plain, turned = (
        handle(evidence_of(curve), 0.25, "threshold", "light", is_similarity=is_similarity)
        for is_similarity in (False, True)
    )
    assert turned.value == -0.25 and (np.diff(turned.stops) > 0).all()
    there = list(turned.stops).index(0.0 - curve.thresholds[stop])
    for one, other in zip(plain.readouts, turned.readouts, strict=True):
        assert one.values[stop] == other.values[there]
    assert all(plain.words[name][stop] == turned.words[name][there] for name in plain.words)
    point = Follower("here", curve.false_accept_rate, curve.true_accept_rate)
    followed = follow(turned, point, is_similarity=True).followers[0]
    assert (followed.x[there], followed.y[there]) == (point.x[stop], point.y[stop])
    assert turned.sentence.startswith("Accept when the similarity is at least {value:.3f}: of")


def test_similarities_are_drawn_on_their_own_scale(uneven: tuple[Curve, np.ndarray, np.ndarray]) -> None:
    curve = uneven[0]
    plain, turned = (distances(curve, "light", is_similarity=is_similarity) for is_similarity in (False, True))
    assert turned.layout.xaxis.title.text == "similarity of the pair"
    assert [note.text for note in turned.layout.annotations] == ["◂ refuse", "accept ▸"]
    for one, other in zip(plain.data[:2], turned.data[:2], strict=True):
        np.testing.assert_array_equal(0.0 - np.asarray(one.x)[::-1], other.x)
        assert list(one.customdata[:-1]) == list(other.customdata[:-1])[::-1]
    for one, other in zip(plain.data[2:], turned.data[2:], strict=True):
        np.testing.assert_array_equal(0.0 - np.asarray(one.x), other.x)


@pytest.mark.parametrize("distance", [-2.0, 0.0, 3.0])
def test_equal_distances_are_one_bar_before_their_only_threshold(distance: float) -> None:
    curve = curve_of(np.full(3, distance), np.full(5, distance))
    shown = distances(curve, "light").data[1]
    assert shown.x[0] < shown.x[1] == distance and list(shown.customdata) == [5, 0]
    assert (np.asarray(handle(evidence_of(curve), distance, "threshold", "light").recolours[0].by) < distance).all()


def test_whole_distances_from_zero_have_a_bar_each() -> None:
    shown = distances(curve_of(np.array([0.0, 0, 1]), np.array([1.0, 2, 3])), "light").data
    assert list(shown[0].x) == [-1, 0, 1, 2, 3]
    assert list(shown[0].customdata) == [2, 1, 0, 0, 0] and list(shown[1].customdata) == [0, 1, 1, 1, 0]
