"""Curves of a training: nothing is lost when bars and points are summed up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.records.step import Step
from dashboard.figures.progress import BARS, MOST_POINTS, distance_shares, progress, shares_frame, thinned


def steps(count: int) -> list[Step]:
    """Whose shares, losses and norms all rise from 0."""
    rising = [n / count for n in range(count)]
    return [Step(n + 1, (n + 1) / 10, at, at, at, 80, at, at, at, at, 0.01, at) for n, at in enumerate(rising)]


def histogram(bins: int = 1024) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return np.linspace(0, 2, bins + 1), rng.integers(0, 50, bins), rng.integers(0, 90, bins)


@pytest.mark.parametrize("bins", [64, 100, 1024])
def test_every_pair_is_in_a_bar(bins: int) -> None:
    edges, positive, negative = histogram(bins)
    traces = distance_shares(edges, positive, negative, "light")
    for trace, counts in zip(traces, (positive, negative), strict=True):
        assert np.sum(trace.y) == pytest.approx(1)
        group = max(bins // BARS, 1)
        assert trace.y[0] == pytest.approx(counts[:group].sum() / counts.sum())
        assert len(trace.x) <= len(trace.y)


def test_no_pairs_at_all_are_no_bars() -> None:
    edges = np.linspace(0, 2, 65)
    traces = distance_shares(edges, np.zeros(64, int), np.zeros(64, int), "light")
    assert all(np.sum(trace.y) == 0 for trace in traces)


@pytest.mark.parametrize("count", [0, 1, 7, 2 * MOST_POINTS + 3])
def test_long_runs_are_thinned_by_means(count: int) -> None:
    figure = progress(steps(count), 1.0, histogram(), "dark")
    line = figure.data[0]
    assert len(line.x) <= MOST_POINTS
    if count > 1:
        assert np.mean(line.y) == pytest.approx(np.mean([step.easy for step in steps(count)]), abs=0.01)


def test_a_point_is_the_mean_of_its_updates() -> None:
    """Three groups of MOST_POINTS updates are thinned by four, since three would leave one too many."""
    count = 3 * MOST_POINTS + 1
    curves = thinned(steps(count))
    expected = [np.mean([step.hard for step in steps(count)[start : start + 4]]) for start in range(0, count, 4)]
    np.testing.assert_allclose(curves["hard"], expected, rtol=1e-6)


def test_a_frame_carries_the_histogram_of_its_snapshot() -> None:
    first, second = histogram(), histogram()
    second = (second[0], second[2], second[1])
    figure = progress(steps(5), 0.5, first, "light", {"a": 0.5, "b": 0.7})
    frame = shares_frame(second, 3.0, {"a": 0.6, "b": 0.9})
    assert frame["name"] == "epoch 3"
    expected = [trace.y for trace in distance_shares(*second, "light")]
    *curves, marks, above, below = zip(frame["data"], frame["traces"], strict=True)
    for moved, trace in (above, below):
        playhead = figure.data[trace]
        assert playhead.name == "playhead" and list(playhead.x) == [0.5, 0.5] and list(playhead.y) == [0, 1]
        assert moved["x"].tolist() == [3.0, 3.0]
    assert [figure.data[trace].yaxis for _, trace in (above, below)] == ["y", "y2"]
    for (data, trace), shares in zip(curves, expected, strict=True):
        np.testing.assert_allclose(data["y"], shares)
        assert figure.data[trace].name in ("positive pairs", "negative pairs")
    np.testing.assert_allclose(marks[0]["x"], [0.6, 0.9])
    np.testing.assert_allclose(figure.data[marks[1]].x, [0.5, 0.7])
    assert list(figure.data[marks[1]].text) == ["a", "b"]


def test_an_update_that_trained_nothing_is_a_gap_and_not_a_loss_of_0() -> None:
    some = [replace(step, active_share=0.5, active_mean=0.3) for step in steps(6)]
    for place in (2, 3, 5):
        some[place] = replace(some[place], active_share=0.0, active_mean=0.0)
    figure = progress(some, 0.6, histogram(), "light")
    mean = next(trace for trace in figure.data if trace.name == "mean of the active")
    np.testing.assert_allclose(mean.y, [0.3, 0.3, np.nan, np.nan, 0.3, np.nan])
    titles = [note.text for note in figure.layout.annotations]
    assert titles[1].endswith("· 50 % idle")
    assert figure.layout.yaxis3.range[1] == pytest.approx(1.04 * 0.3)


def test_the_mean_of_the_active_is_that_of_the_updates_that_trained() -> None:
    many = [
        replace(step, active_share=float(n % 4 > 0), active_mean=0.3 * (n % 4 > 0))
        for n, step in enumerate(steps(3 * MOST_POINTS + 1))
    ]
    np.testing.assert_allclose(thinned(many)["active_mean"][:-1], 0.3, rtol=1e-6)
    assert np.isnan(thinned(many[:1])["active_mean"]).all()


def test_no_two_lines_of_a_panel_differ_by_colour_alone() -> None:
    """Under a simulated colour blindness, or in print, a dash or a hatch tells them apart."""
    figure = progress(steps(5), 0.5, histogram(), "light")
    lines = {trace.name: trace for trace in figure.data}
    assert lines["active share"].line.dash != lines["mean of the active"].line.dash
    assert lines["positive pairs"].line.dash != lines["negative pairs"].line.dash
    assert "dashed" in figure.layout.annotations[1].text


def test_the_pointer_reads_in_words_with_units() -> None:
    figure = progress(steps(5), 0.5, histogram(), "light")
    said = {trace.name: trace.hovertemplate for trace in figure.data}
    assert said["hard"] == "%{y:.1%} of the triplets" and said["positive pairs"] == "%{y:.1%} of the positive pairs"
    assert said["active share"] == "%{y:.1%} of the terms" and said["mean of the active"] == "a loss of %{y:.3g}"
    assert figure.layout.xaxis.unifiedhovertitle.text == "epoch %{x:.2f}"
