"""Curves of a training: nothing is lost when bars and points are summed up."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.progress import BARS, MOST_POINTS, distance_shares, progress


def steps(count: int) -> list[dict[str, float]]:
    keys = ("easy", "semi_hard", "hard", "active_share", "active_mean")
    return [{"epoch": (n + 1) / 10} | dict.fromkeys(keys, n / count) for n in range(count)]


def histogram(bins: int = 1024) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return np.linspace(0, 2, bins + 1), rng.integers(0, 50, bins), rng.integers(0, 90, bins)


@pytest.mark.parametrize("bins", [64, 100, 1024])
def test_every_pair_is_in_a_bar(bins):
    edges, positive, negative = histogram(bins)
    traces = distance_shares(edges, positive, negative, "light")
    for trace, counts in zip(traces, (positive, negative), strict=True):
        assert np.sum(trace.y) == pytest.approx(1)
        group = max(bins // BARS, 1)
        assert trace.y[0] == pytest.approx(counts[:group].sum() / counts.sum())
        assert len(trace.x) <= len(trace.y)


def test_no_pairs_at_all_are_no_bars():
    edges = np.linspace(0, 2, 65)
    traces = distance_shares(edges, np.zeros(64, int), np.zeros(64, int), "light")
    assert all(np.sum(trace.y) == 0 for trace in traces)


@pytest.mark.parametrize("count", [0, 1, 7, 2 * MOST_POINTS + 3])
def test_long_runs_are_thinned_by_means(count):
    figure = progress(steps(count), [{"epoch": 1.0}], [histogram()], "dark")
    line = figure.data[0]
    assert len(line.x) <= MOST_POINTS
    if count > 1:
        assert np.mean(line.y) == pytest.approx(np.mean([step["easy"] for step in steps(count)]), abs=0.01)


def test_frames_carry_the_histogram_of_their_snapshot():
    first, second = histogram(), histogram()
    second = (second[0], second[2], second[1])
    figure = progress(steps(5), [{"epoch": 0.0}, {"epoch": 3.0}], [first, second], "light")
    assert [frame.name for frame in figure.frames] == ["epoch 0", "epoch 3"]
    expected = [trace.y for trace in distance_shares(*second, "light")]
    for data, shares in zip(figure.frames[1].data, expected, strict=True):
        np.testing.assert_allclose(data.y, shares)
