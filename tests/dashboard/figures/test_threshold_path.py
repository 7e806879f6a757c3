"""What the figures of a path show is what the moments hold, and nothing lies outside the axes."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from core.thresholds.outcome import Rate
from core.thresholds.over_epochs import Moment
from dashboard.figures.threshold_path import LOWEST, threshold_path, transfer
from dashboard.palette import Theme

PATH = [
    Moment(0, 0.0, 0.5, (0.4, 0.6), Rate(0.01, 0.005, 0.02), Rate(0.8, 0.7, 0.85)),
    Moment(14, 1.0, 0.8, (0.75, 0.9), Rate(0.0, 0.0, 0.004), Rate(0.3, 0.2, 0.4)),
    Moment(28, 2.0, 0.9, (0.8, 0.92), Rate(0.02, 0.01, 0.03), Rate(0.1, 0.05, 0.2)),
]


def named(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_path_has_the_threshold_of_every_epoch_and_marks_the_one_shown(theme: Theme) -> None:
    figure = threshold_path(PATH, 14, theme, " (cosine)")
    trace = named(figure, "threshold")
    assert trace.x == (0.0, 1.0, 2.0) and trace.y == (0.5, 0.8, 0.9)
    assert np.argmax(trace.marker.size) == 1 and len(set(trace.marker.size)) == 2
    assert {line.x0 for line in figure.layout.shapes} == {
        1.0
    } and figure.layout.yaxis.title.text == "threshold (cosine)"
    band = figure.data[0]
    assert band.fill == "toself" and band.y == (0.6, 0.9, 0.92, 0.8, 0.75, 0.4) and band.x == (0, 1, 2, 2, 1, 0)


def test_rates_are_those_of_the_moments_and_zero_stands_at_the_end_of_the_axis() -> None:
    figure = threshold_path(PATH, 28, "light")
    far, frr = named(figure, "FAR"), named(figure, "FRR")
    assert frr.y == (0.8, 0.3, 0.1) and far.y[::2] == (0.01, 0.02)
    low, high = (10**end for end in figure.layout.yaxis2.range)
    assert low < far.y[1] < 0.01 and far.customdata[1] == "0 % (0 % to 0.4 %) of the impostors let in"
    assert (figure.layout.yaxis2.ticktext[0], figure.layout.yaxis2.tickvals[0]) == ("0", far.y[1])
    assert threshold_path(PATH[::2], 28, "light").layout.yaxis2.ticktext[0] == "0.1 %"
    drawn = [value for trace in figure.data if trace.yaxis == "y2" for value in trace.y]
    assert low <= min(drawn) and max(drawn) <= 1 < high
    assert far.marker.symbol != frr.marker.symbol and far.line.dash != frr.line.dash


def test_one_known_interval_is_a_bar() -> None:
    path = [one._replace(interval=None) for one in PATH[:2]] + PATH[2:]
    bar = threshold_path(path, 28, "light").data[0]
    assert bar.x == (2.0, 2.0) and bar.y == (0.8, 0.92) and bar.fill is None
    none = [one._replace(interval=None) for one in PATH]
    assert threshold_path(none, 28, "light").data[0].name == "threshold"


@pytest.mark.parametrize("target", [0.0, 0.001])
def test_a_kept_threshold_is_drawn_against_the_limit(target: float) -> None:
    rates = [(one.false_accept, one.false_reject) for one in PATH]
    figure = transfer([0.0, 1.0, 2.0], rates, target, "dark")
    assert named(figure, "FRR").y == (0.8, 0.3, 0.1) and named(figure, "FRR").x == (0.0, 1.0, 2.0)
    asked = [trace.y for trace in figure.data if trace.name == "asked for"]
    assert asked == ([(target, target)] if target else [])
    assert 10 ** figure.layout.yaxis.range[0] < (target or 0.01)


def test_rates_that_are_all_zero_have_an_axis() -> None:
    none = Rate(0.0, 0.0, 0.0)
    figure = transfer([0.0, 1.0], [(none, none)] * 2, 1e-9, "light")
    assert np.isfinite(figure.layout.yaxis.range).all() and min(named(figure, "FAR").y) >= LOWEST
