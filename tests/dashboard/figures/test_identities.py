"""Every identity has its place, and the axes hold them all."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from core.thresholds.identity_errors import IdentityErrors
from dashboard import palette
from dashboard.figures.identities import identities, intervals, rates_of_all

NAMES = ["ann", "bea", "cem", "dan"]
ANIMALS = ["goat", "sheep", "wolf or lamb", "sheep"]


def errors_of(rejects: list[int], accepts: list[int]) -> IdentityErrors:
    """Of four identities with 6, 4, 4 and 1 samples, whose pairs are worth half their number."""
    samples, rejects_of, accepts_of = np.array([6, 4, 4, 1]), np.array(rejects), np.array(accepts)
    genuine, impostor = samples * (samples - 1) // 2, samples * (15 - samples)
    return IdentityErrors(np.arange(4), samples, genuine, rejects_of, genuine / 2, impostor, accepts_of, impostor / 2)


ERRORS = errors_of([9, 1, 0, 0], [1, 3, 20, 0])


def drawn(errors: IdentityErrors = ERRORS, animals: list[str] = ANIMALS) -> go.Figure:
    return identities(errors, animals, NAMES, "light")


def test_a_point_stands_at_the_square_roots_of_its_rates() -> None:
    points = drawn().data[0]
    np.testing.assert_allclose(points.x**2, [1 / 54, 3 / 44, 20 / 44, 0])
    np.testing.assert_allclose(points.y[:3] ** 2, [9 / 15, 1 / 6, 0])


def test_a_label_says_the_rate_at_its_place() -> None:
    for axis in (drawn().layout.xaxis, drawn().layout.yaxis):
        labelled = [(place, text) for place, text in zip(axis.tickvals, axis.ticktext, strict=True) if text != "–"]
        assert len(labelled) >= 4
        for place, text in labelled:
            assert place**2 == pytest.approx(float(text.removesuffix(" %")) / 100)


def test_an_identity_without_genuine_pairs_stands_at_a_dash_below_zero() -> None:
    figure = drawn()
    dash = figure.layout.yaxis.tickvals[figure.layout.yaxis.ticktext.index("–")]
    assert figure.data[0].y[3] == dash < 0
    assert "–" not in figure.layout.xaxis.ticktext
    assert "FRR –, no pairs" in figure.data[0].text[3] and "nan" not in figure.to_json().lower()


def test_lines_stand_at_the_rates_of_all_pairs() -> None:
    far, frr = rates_of_all(ERRORS)
    assert (far, frr) == (24 / (54 + 44 + 44 + 14), 10 / (15 + 6 + 6))
    upright, level = drawn().layout.shapes
    assert upright.x0 == upright.x1 == pytest.approx(far**0.5)
    assert level.y0 == level.y1 == pytest.approx(frr**0.5)
    assert [note.text for note in drawn().layout.annotations] == ["all: 15.4 %", "all: 37 %"]


def test_animals_differ_in_colour_and_shape_and_stand_in_the_legend() -> None:
    points, *legend = drawn().data
    assert points.marker.symbol == tuple(palette.ANIMAL_SYMBOLS[animal] for animal in ANIMALS)
    assert points.marker.color == tuple(palette.ANIMALS["light"][animal] for animal in ANIMALS)
    assert [entry.name for entry in legend] == ["goat", "wolf or lamb"]
    assert [entry.marker.symbol for entry in legend] == ["triangle-up", "diamond"]
    assert len(drawn(animals=["sheep"] * 4).data) == 1


def test_hover_tells_rates_with_their_intervals() -> None:
    low, high = ERRORS.false_reject_interval
    said = drawn().data[0].text[0].split("\n")
    assert said[:2] == ["ann · goat", "6 samples"]
    assert said[2] == f"FRR 60 % ({100 * low[0]:.2g} to {100 * high[0]:.2g} %)"
    assert drawn().data[0].text[3].split("\n")[:2] == ["dan", "1 sample"]


@pytest.mark.parametrize("rejects", [[0, 0, 0, 0], [15, 6, 6, 0]])
@pytest.mark.parametrize("accepts", [[0, 0, 0, 0], [54, 44, 44, 14], [1, 1, 0, 0]])
def test_the_axes_hold_every_point(rejects: list[int], accepts: list[int]) -> None:
    figure = drawn(errors_of(rejects, accepts))
    for places, axis in ((figure.data[0].x, figure.layout.xaxis), (figure.data[0].y, figure.layout.yaxis)):
        assert np.isfinite(places).all()
        assert axis.range[0] < places.min() and places.max() < axis.range[1]
        assert len(axis.tickvals) == len(axis.ticktext) >= 3
        gaps = np.diff(np.sort([place for place in axis.tickvals if place >= 0]))
        assert gaps.min() > 0.1 * (axis.range[1] - axis.range[0])


def test_intervals_are_short_and_never_powers_of_ten() -> None:
    assert intervals([0.0, 0.0000123456], [0.123456, 1.0]) == ["0 to 12 %", "0.0012 to 100 %"]
