"""Figures of a run that grows: each frame is packed once, and the figure around the frames changes seldom.

A page looks at a live run twice a second. Whatever is built, packed or sent anew then is taken from the training, which
shares the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
import streamlit as st

from dashboard import cached
from dashboard.components.live_figure import Packed, pack, pack_frame
from dashboard.figures import maps
from dashboard.figures import progress as figures_of_progress
from dashboard.palette import Theme

ROOM = 1.3  # of a live map: how far it may grow before its axes do

Line = dict[str, Any]


def moving_map(name: str, lines: Sequence[Line], theme: Theme, *, live: bool) -> Packed:
    """The map of a run with a frame for each line of `Run.maps`; a live one has room on its axes for those to come."""
    return _map(name, theme).packed(lines, live)


def progress(name: str, snapshots: Sequence[Line], steps: Sequence[Line], theme: Theme) -> Packed:
    """Hardness and loss of these updates, and the distances of these snapshots as frames."""
    return _progress(name, theme).packed(snapshots, steps)


class _Frames:
    """The frames of a run's lines; a run that was wound back begins anew."""

    def __init__(self, name: str, theme: Theme) -> None:
        self.name, self.theme = name, theme
        self.lock = Lock()  # every session that watches the run shares this
        self.begin()

    def begin(self) -> None:
        self.known: list[tuple[int, float]] = []
        self.frames: list[tuple[str, float, str, bytes]] = []

    def add(self, line: Line) -> None:
        raise NotImplementedError

    def follow(self, lines: Sequence[Line]) -> tuple[tuple[str, float, str, bytes], ...]:
        """The frames of these lines. The seconds tell an update from the same one made again."""
        wanted = [(line["step"], line["seconds"]) for line in lines]
        both = min(len(wanted), len(self.known))
        if wanted[:both] != self.known[:both]:
            self.begin()
        for line in lines[len(self.known) :]:
            self.add(line)
            self.known.append((line["step"], line["seconds"]))
        return tuple(self.frames[: len(lines)])


class _Map(_Frames):
    def begin(self) -> None:
        super().begin()
        self.extents: list[np.ndarray] = []
        self.axes: maps.Axes | None = None
        self.figure = ""
        self.whole = (0, "")  # the figure around so many frames that no other will follow

    def add(self, line: Line) -> None:
        layout = cached.layout(self.name, line["step"])
        self.frames.append(pack_frame(maps.map_frame(layout, line["epoch"], cached.labels(self.name))))
        self.extents.append(maps.extent(layout))
        if self.axes is None or not maps.holds(self.axes, self.extents[-1]):
            self.axes = maps.axes_of(self.extents, ROOM)
            self.figure = self._packed(layout, self.axes)

    def packed(self, lines: Sequence[Line], live: bool) -> Packed:
        with self.lock:
            frames = self.follow(lines)
            if not live and self.whole[0] != len(lines):
                layout = cached.layout(self.name, lines[-1]["step"])
                self.whole = len(lines), self._packed(layout, maps.axes_of(self.extents[: len(lines)]))
            return Packed(self.figure if live else self.whole[1], frames)

    def _packed(self, layout: np.ndarray, axes: maps.Axes) -> str:
        labels, class_names = cached.labels(self.name), cached.class_names(self.name)
        return pack(maps.moving_map(layout, axes, labels, class_names, self.theme)).figure


class _Progress(_Frames):
    def begin(self) -> None:
        super().begin()
        self.drawn: tuple[str, int] = ("", -1)
        self.figure = ""

    def add(self, line: Line) -> None:
        histogram = cached.histogram(self.name, line["step"])
        self.frames.append(pack_frame(figures_of_progress.shares_frame(histogram, line["epoch"])))

    def packed(self, snapshots: Sequence[Line], steps: Sequence[Line]) -> Packed:
        with self.lock:
            frames = self.follow(snapshots)
            if self.drawn != (frames[-1][2], len(steps)):
                self.drawn = frames[-1][2], len(steps)
                histogram = cached.histogram(self.name, snapshots[-1]["step"])
                epoch = max(line["epoch"] for line in (*snapshots[-1:], *steps[-1:]))
                self.figure = pack(figures_of_progress.progress(steps, epoch, histogram, self.theme)).figure
            return Packed(self.figure, frames)


@st.cache_resource(max_entries=16, show_spinner=False)
def _map(name: str, theme: Theme) -> _Map:
    return _Map(name, theme)


@st.cache_resource(max_entries=16, show_spinner=False)
def _progress(name: str, theme: Theme) -> _Progress:
    return _Progress(name, theme)
