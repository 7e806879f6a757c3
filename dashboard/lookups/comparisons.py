"""Figures of several runs, packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st

from core.experiment.experiment import differences
from core.records.main_numbers import MainNumber
from dashboard import palette
from dashboard.components.live_figure import Frame, Packed, pack, pack_frame
from dashboard.components.spool import Spool
from dashboard.figures import comparison as figures
from dashboard.figures import maps
from dashboard.figures.strategy_looks import Look
from dashboard.lookups import runs
from dashboard.wording import say

Found = TypeVar("Found")


def comparison(
    names: tuple[str, ...], steps: tuple[tuple[int, ...], ...], theme: palette.Theme, *, live: bool = False
) -> Packed:
    """Maps and histograms of several runs on one time, ready to send; live ones have room on their axes for snapshots
    to come."""
    return _moving(names, theme).packed(steps, live)


class _Moving:
    """A comparison that grows: what it has shown is not drawn again, and each frame is packed once, for all readers."""

    def __init__(self, names: tuple[str, ...], theme: palette.Theme) -> None:
        self.names, self.theme = names, theme
        self.lock = Lock()
        self.axes: list[maps.Axes] = []
        self.extents: list[dict[int, np.ndarray]] = [{} for _ in names]  # of each run's maps, by step
        self.frames: dict[tuple[float, tuple[int, ...]], Frame] = {}
        self.spool = Spool()
        self.drawn: tuple[tuple[tuple[int, ...], ...], bool] | None = None
        self.around: tuple[object, Packed] = None, Packed("")
        self.whole = Packed("")
        self.qualities: dict[str, tuple[object, Packed]] = {}  # the last of each number, and what it is of

    def packed(self, steps: tuple[tuple[int, ...], ...], live: bool) -> Packed:
        with self.lock:
            if self.drawn != (steps, live):
                self.whole = self._draw(steps, live)
                self.drawn = steps, live
            return self.whole

    def quality(self, steps: tuple[tuple[int, ...], ...], number: MainNumber, looks: tuple[Look, ...]) -> Packed:
        with self.lock:
            if self.qualities.get(number.key, ((), None))[0] != (steps, looks):
                shown = _shown(self.names, steps)
                values = [
                    [number.of(numbers) for numbers in runs.run_of(name).snapshots()][: len(of)]
                    for name, of in zip(self.names, steps, strict=True)
                ]
                figure = figures.quality(shown, values, number.title, self.theme, looks)
                self.qualities[number.key] = (steps, looks), pack(figure)
            return self.qualities[number.key][1]

    def _draw(self, steps: tuple[tuple[int, ...], ...], live: bool) -> Packed:
        shown, frames = _shown(self.names, steps), list[Frame]()
        for epoch, rows in figures.moments(shown):
            key = epoch, tuple(of[row] for of, row in zip(steps, rows, strict=True))
            if key not in self.frames:
                self.frames[key] = pack_frame(figures.moment(shown, epoch, rows), spool=self.spool)
            frames.append(self.frames[key])
        for extents, run, of in zip(self.extents, shown, steps, strict=True):
            for row, step in enumerate(of):
                if step not in extents:
                    extents[step] = maps.extent(run.layouts[row])
        return replace(self._figure(shown, steps, live), frames=tuple(frames))

    def _figure(self, shown: list[figures.Shown], steps: tuple[tuple[int, ...], ...], live: bool) -> Packed:
        """The figure around the frames, which stays as long as the axes do."""
        extents = [[known[step] for step in of] for known, of in zip(self.extents, steps, strict=True)]
        if not live:
            self.axes = [maps.axes_of(corners) for corners in extents]
        elif not self.axes or not all(
            maps.holds(axes, corners[-1]) for axes, corners in zip(self.axes, extents, strict=True)
        ):
            self.axes = [maps.axes_of(corners, maps.ROOM) for corners in extents]
        key = [run.title for run in shown], self.axes
        if self.around[0] != key:
            figure = figures.comparison(shown, self.axes, self.theme)
            packed = pack(figure, figures.stacked(figure, len(shown)), say("figures.epoch.frame_of"))
            self.around = key, packed
        return self.around[1]


@st.cache_resource(max_entries=16, show_spinner=False)
def _moving(names: tuple[str, ...], theme: palette.Theme) -> _Moving:
    return _Moving(names, theme)


def quality(
    names: tuple[str, ...],
    steps: tuple[tuple[int, ...], ...],
    number: MainNumber,
    theme: palette.Theme,
    looks: tuple[Look, ...] = (),
) -> Packed:
    """One number of several runs over the epochs, ready to send; `looks` are those of their strategies."""
    return _moving(names, theme).quality(steps, number, looks)


@st.cache_resource(max_entries=64, show_spinner=False)
def differing_settings(names: tuple[str, ...]) -> dict[str, list[Any]]:
    """The settings in which the runs differ, as `differences` has them: those of a run never change."""
    return differences([runs.run_of(name).experiment() for name in names])


def _shown(names: tuple[str, ...], steps: tuple[tuple[int, ...], ...]) -> list[figures.Shown]:
    titles = runs.differing_titles(names)
    return [_one_shown(*of) for of in zip(names, steps, titles, strict=True)]


class _Read(Generic[Found]):
    """What each of these snapshots has, read when it is asked for, and held no longer than the comparison is drawn: a
    frame of it is packed once."""

    def __init__(self, steps: Sequence[int], read: Callable[[int], Found]) -> None:
        self.steps, self.read, self.found = steps, read, dict[int, Found]()

    def __getitem__(self, row: int, /) -> Found:
        if row not in self.found:
            self.found[row] = self.read(self.steps[row])
        return self.found[row]


def _one_shown(name: str, steps: tuple[int, ...], title: str) -> figures.Shown:
    run, asked = runs.run_of(name), set(steps)
    snapshots = [numbers for numbers in run.snapshots() if numbers.step in asked]

    def histogram(step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        arrays = run.snapshot(step, "edges", "positive_counts", "negative_counts")
        return arrays["edges"], arrays["positive_counts"], arrays["negative_counts"]

    return figures.Shown(
        title=title,
        epochs=[numbers.epoch for numbers in snapshots],
        layouts=_Read(steps, lambda step: run.snapshot(step, "map")["map"]),
        histograms=_Read(steps, histogram),
        labels=runs.labels(name),
        class_names=runs.class_names(name),
    )
