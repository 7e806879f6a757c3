"""Snapshots of strategies beside each other."""

from __future__ import annotations

import numpy as np
import pytest

from core.comparison.over_seeds import roc_over_seeds
from core.statistics.roc import Curve
from dashboard import palette
from dashboard.figures.strategy_looks import looks_of
from dashboard.figures.strategy_snapshots import distances, height_of_bars, reach, roc, triplets

THIRDS = np.array([[0.25, 0.25, 0.5], [0.75, 0.0, 0.25]])  # of hard, semi-hard and easy, of two seeds


def test_a_bar_is_divided_by_the_means_over_seeds() -> None:
    figure = triplets({"semi-hard": THIRDS, "random <b>": THIRDS[:1]}, "light")
    assert [(bar.name, list(bar.x)) for bar in figure.data] == [
        ("hard", [0.5, 0.25]),
        ("semi-hard", [0.125, 0.25]),
        ("easy", [0.375, 0.5]),
    ]
    assert [list(ends) for ends in figure.data[0].customdata] == [[0.25, 0.75], [0.25, 0.25]]
    assert [note.text for note in figure.layout.annotations] == [
        "<b>semi-hard</b>  hard 50.0 % · semi-hard 12.5 %",
        "<b>random &lt;b&gt;</b>  hard 25.0 % · semi-hard 25.0 %",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hardness_has_its_colour_and_a_hatch_as_well(theme: palette.Theme) -> None:
    bars = triplets({"a": THIRDS}, theme).data
    assert {bar.name: bar.marker.color for bar in bars} == dict(palette.HARDNESS[theme])
    assert len({bar.marker.pattern.shape for bar in bars}) == 3
    assert height_of_bars(5) > height_of_bars(2) >= 120


def test_an_axis_reaches_as_far_as_nearly_all_pairs_do() -> None:
    edges, positive, negative = np.linspace(0, 2, 1025), np.zeros(1024, int), np.zeros(1024, int)
    positive[256:512], negative[512:700] = 1000, 1000
    negative[1000] = 1  # of 188,001
    low, high = reach((edges, positive, negative))
    assert low == edges[256] and edges[699] <= high <= edges[701]
    figure = distances((edges, positive, negative), (low, high), "light")
    assert tuple(figure.layout.xaxis.range) == (low, high) and len(figure.data) == 2


def test_roc_curves_stand_in_one_figure_with_what_pairs_cannot_show_in_grey() -> None:
    curve = Curve(np.array([0.1, 0.2, 0.3]), np.array([0, 5, 50]), np.array([2, 5, 10]), 50, 10)
    better = Curve(np.array([0.1, 0.2, 0.3]), np.array([0, 5, 50]), np.array([6, 9, 10]), 50, 10)
    rates = np.array([0.01, 0.1, 1.0])
    looks = looks_of(["a", "b"], "light")
    drawn = [
        ("a", looks["a"], roc_over_seeds([[curve], [better]], rates)),
        ("b", looks["b"], roc_over_seeds([[curve]], rates)),
    ]
    figure = roc(drawn, 0.06, "light")
    band, *lines = figure.data
    assert [line.name for line in lines] == ["a", "b"] and band.fillcolor == looks["a"].faint
    np.testing.assert_allclose(lines[0].y, [0.4, 0.7, 1.0], rtol=1e-6)
    np.testing.assert_allclose(lines[1].y, [0.2, 0.5, 1.0], rtol=1e-6)
    assert "customdata" in lines[0].hovertemplate and "customdata" not in lines[1].hovertemplate
    assert figure.layout.xaxis.type == "log" and figure.layout.xaxis.ticktext[0] == "0"
    assert figure.layout.shapes[0].x1 == 0.06
