"""Runs side by side: one time for all, each run's last snapshot by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import comparison as figures
from dashboard.figures.comparison import Shown, moment, moments, quality, stacked
from dashboard.figures.maps import still_axes
from dashboard.figures.strategy_looks import looks_of
from dashboard.palette import Theme


def shown(title: str, epochs: list[float]) -> Shown:
    rng = np.random.default_rng(len(epochs))
    edges = np.linspace(0, 2, 65)
    return Shown(
        title=title,
        epochs=epochs,
        layouts=[rng.normal(size=(6, 2)) for _ in epochs],
        histograms=[(edges, rng.integers(1, 9, 64), rng.integers(1, 9, 64)) for _ in epochs],
        labels=np.array([0, 0, 1, 1, 2, 2]),
        class_names=["a", "b", "c"],
    )


RUNS = [shown("one", [0.0, 0.5, 1.0]), shown("two", [0.0, 0.25, 1.0, 2.0])]


def comparison(runs: list[Shown], theme: Theme) -> go.Figure:
    return figures.comparison(runs, [still_axes(run.layouts) for run in runs], theme)


def test_moments_are_the_epochs_of_all_runs() -> None:
    assert moments(RUNS) == [(0.0, (0, 0)), (0.25, (0, 1)), (0.5, (1, 1)), (1.0, (2, 2)), (2.0, (2, 3))]
    assert moment(RUNS, 0.25, (0, 1))["name"] == "epoch 0.25"


def test_a_run_shows_its_last_snapshot_by_then() -> None:
    frame = moment(RUNS, 0.25, (0, 1))
    np.testing.assert_allclose(frame["data"][0]["x"], RUNS[0].layouts[0][:, 0], rtol=1e-6)
    np.testing.assert_allclose(frame["data"][4]["x"], RUNS[1].layouts[1][:, 0], rtol=1e-6)
    assert frame["traces"] == list(range(len(comparison(RUNS, "light").data))), "a frame moves everything"
    assert RUNS[0].row_at(2.0) == 2 and RUNS[1].row_at(0.0) == 0


WAITING = Shown("three", [], [], [], np.zeros(0, int), [], waits="queued, place 2")


def with_place(theme: Theme) -> go.Figure:
    axes = [still_axes(RUNS[0].layouts)] * 3
    return figures.comparison([RUNS[0], WAITING, RUNS[1]], axes, theme)


def test_a_run_that_waits_has_an_empty_frame_that_says_so() -> None:
    figure = with_place("light")
    assert [note.text for note in figure.layout.annotations] == ["one", "three", "two", "queued, place 2"]
    (frame,) = figure.layout.shapes
    assert frame.xref == "x2 domain" and frame.yref == "y2 domain" and figure.layout.xaxis5.visible is False
    assert [len(trace.x) for trace in figure.data[4:8]] == [0] * 4
    narrow = stacked(figure, 3)
    assert narrow.annotations[3].xref == "x2 domain" and narrow.annotations[1].x == 0.5


def test_frames_leave_out_who_waits_and_keep_the_traces_of_the_others() -> None:
    runs = [RUNS[0], WAITING, RUNS[1]]
    assert [epoch for epoch, _ in moments(runs)] == [0.0, 0.25, 0.5, 1.0, 2.0]
    frame = moment(runs, 1.0, (2, 0, 2))
    assert frame["traces"] == [0, 1, 2, 3, 8, 9, 10, 11]
    np.testing.assert_allclose(frame["data"][4]["x"], RUNS[1].layouts[2][:, 0], rtol=1e-6)


def test_points_bear_the_ids_of_their_samples_and_the_name_of_their_map() -> None:
    ids = np.arange(6, dtype=np.int32) + 40
    figure = comparison([replace(RUNS[0], ids=ids, texts=[f"digit {row}" for row in range(6)]), RUNS[1]], "dark")
    first, second = figure.data[0], figure.data[4]
    assert list(first.customdata) == list(ids) and list(second.customdata) == list(range(6))
    assert (first.meta, second.meta) == ({"place": "one"}, {"place": "two"})
    assert first.text[3] == "digit 3" and second.text[3] == "b"


def test_quality_draws_one_line_a_run() -> None:
    figure = quality(RUNS, [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4]], "MAP@R", "dark")
    assert [line.name for line in figure.data] == ["one", "two"]
    assert list(figure.data[1].y) == [0.1, 0.2, 0.3, 0.4]


def test_lines_of_runs_differ_in_dash_and_mark_too() -> None:
    several = [RUNS[0]] * 4
    lines = quality(several, [[0.1, 0.2, 0.3]] * 4, "AUC", "light").data
    assert len({line.line.dash for line in lines}) == len({line.marker.symbol for line in lines}) == 4


def test_runs_of_strategies_look_as_these_do_elsewhere() -> None:
    looks = list(looks_of(["random", "semi-hard"], "dark").values())
    lines = quality(RUNS, [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4]], "MAP@R", "dark", looks).data
    assert [(line.line.color, line.line.dash, line.marker.symbol) for line in lines] == looks


def test_stacked_the_runs_stand_one_below_the_other_and_nothing_overlaps() -> None:
    figure = comparison([*RUNS, RUNS[0]], "light")
    before = figure.layout.to_plotly_json()
    layout = stacked(figure, 3)
    assert figure.layout.to_plotly_json() == before, "the figure itself stays"
    heights = [layout[f"yaxis{number}"].domain for number in ("", "4", "2", "5", "3", "6")]  # map, histogram, map ...
    ends = [end for low, high in heights for end in (high, low)]
    assert ends == sorted(ends, reverse=True) and 0 < ends[-1] and ends[0] < 1
    assert {layout[f"xaxis{number}"].domain for number in ("", "2", "3", "4", "5", "6")} == {(0, 1)}
    titles = [note.y for note in layout.annotations]
    assert [note.text for note in layout.annotations] == ["one", "two", "one"] and {0.5} == {
        note.x for note in layout.annotations
    }
    for place, title in enumerate(titles):
        above = heights[2 * place - 1][0] if place else 1
        assert heights[2 * place][1] < title < above, "a title has the room above its map"


def test_stacked_traces_keep_their_axes() -> None:
    figure = comparison(RUNS, "dark")
    axes = {(trace.xaxis, trace.yaxis) for trace in figure.data}
    assert axes == {("x", "y"), ("x2", "y2"), ("x3", "y3"), ("x4", "y4")}
    assert stacked(figure, 2).yaxis.scaleanchor == "x" and stacked(figure, 2).yaxis2.scaleanchor == "x2"
