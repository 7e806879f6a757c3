"""Runs side by side: one time for all, each run's last snapshot by then."""

from __future__ import annotations

import numpy as np

from dashboard.figures.comparison import Shown, comparison, quality


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


def test_frames_are_the_epochs_of_all_runs() -> None:
    figure = comparison(RUNS, "light")
    assert [frame.name for frame in figure.frames] == [f"epoch {epoch}" for epoch in ("0", "0.25", "0.5", "1", "2")]


def test_a_run_shows_its_last_snapshot_by_then() -> None:
    frame = comparison(RUNS, "light").frames[1]
    np.testing.assert_allclose(frame.data[0].x, RUNS[0].layouts[0][:, 0], rtol=1e-6)
    np.testing.assert_allclose(frame.data[4].x, RUNS[1].layouts[1][:, 0], rtol=1e-6)
    assert RUNS[0].row_at(2.0) == 2 and RUNS[1].row_at(0.0) == 0


def test_quality_draws_one_line_a_run() -> None:
    figure = quality(RUNS, [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3, 0.4]], "MAP@R", "dark")
    assert [line.name for line in figure.data] == ["one", "two"]
    assert list(figure.data[1].y) == [0.1, 0.2, 0.3, 0.4]


def test_lines_of_runs_differ_in_dash_and_mark_too() -> None:
    several = [RUNS[0]] * 4
    lines = quality(several, [[0.1, 0.2, 0.3]] * 4, "AUC", "light").data
    assert len({line.line.dash for line in lines}) == len({line.marker.symbol for line in lines}) == 4
