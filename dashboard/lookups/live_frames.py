"""Figures of a run that grows: each frame is packed once, and the figure around the frames changes seldom.

A page asks for new maps of a live run twice a second and looks at the rest of it every few seconds. Whatever is built,
packed or sent anew then is taken from the training, which shares the machine.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

import numpy as np
import streamlit as st

from core.records.snapshot_record import MapRecord, SnapshotRecord
from core.records.step import Step
from dashboard.components import frames as frame_store
from dashboard.components.live_figure import Frame, Packed, pack, pack_frame
from dashboard.components.spool import Spool
from dashboard.figures import maps
from dashboard.figures import progress as figures_of_progress
from dashboard.lookups import runs
from dashboard.palette import Theme
from dashboard.worded import worded
from dashboard.wording import ENGLISH, language, languages, say, speaking

DRAWN_SECONDS = 2.0
MOST_SENT = 4  # frames whose contents go along with the news: a browser that lacks more asks for what it has not seen
THEMES: dict[str, Theme] = {"light": "light", "dark": "dark"}


def moving_map(name: str, lines: Sequence[MapRecord], theme: Theme, *, live: bool) -> Packed:
    """The map of a run with a frame for each line of `Run.maps`; a live one has room on its axes for those to come."""
    return _map(name, theme).packed(lines, live)


def still_map(name: str, lines: Sequence[MapRecord], line: MapRecord, layout: np.ndarray, theme: Theme) -> Packed:
    """Another map (N, 2) of the points at one of these lines, as a single frame, without the points that the loss has
    learned; its axes hold the run's own maps as well."""
    return _map(name, theme).still(lines, line, layout)


def map_address(name: str, theme: Theme) -> str:
    """Where the browser asks for `map_news`."""
    return f"/runs/{name}/map?theme={theme}&language={language()}"


def has_stars(name: str, line: MapRecord) -> bool:
    """Whether the map of this line shows points that the loss has learned."""
    return "landmark_places" in runs.run_of(name).prototypes(line.step)


def map_news(name: str, theme: str, have: str, spoken: str = ENGLISH) -> bytes | None:
    """What a live map has gained since the frame with the digest `have`, as JSON; empty where nothing is new.

    None where there is no such run, theme or language.
    """
    run, of_theme = runs.find_run(name), THEMES.get(theme)
    lines = run.maps() if run else []
    if not lines or not of_theme or spoken not in languages():
        return None
    with speaking(spoken):
        return _map(name, of_theme).news(lines, have)


def map_stamp(name: str) -> tuple[int, int]:
    """Differs once the run has another map. Many a second ask for it, so the store is not asked whose the run is: news
    of it are nobody else's all the same."""
    try:
        about = os.stat(runs.folder_of(name) / "maps.jsonl")
    except OSError:
        return 0, 0
    return about.st_ino, about.st_size


def progress(
    name: str, snapshots: Sequence[SnapshotRecord], steps: Sequence[Step], theme: Theme, *, live: bool = False
) -> Packed:
    """Hardness and loss of these updates, and the distances of these snapshots as frames. A live one is drawn at most
    every DRAWN_SECONDS, for all readers; only its curves may be as old as that."""
    return _progress(name, theme).packed(snapshots, steps, live)


class _Frames:
    """The frames of a run's lines; a run that was wound back begins anew."""

    def __init__(self, name: str, theme: Theme) -> None:
        self.name, self.theme = name, theme
        self.lock = Lock()  # every session that watches the run shares this
        self.begin()

    def begin(self) -> None:
        self.known: list[tuple[int, float]] = []
        self.frames: list[Frame] = []
        self.spool = Spool()

    def add(self, line: MapRecord) -> None:
        raise NotImplementedError

    def follow(self, lines: Sequence[MapRecord]) -> tuple[Frame, ...]:
        """The frames of these lines. The seconds tell an update from the same one made again."""
        moments = [(line.step, line.seconds) for line in lines]
        both = min(len(moments), len(self.known))
        if moments[:both] != self.known[:both]:
            self.begin()
        for line in lines[len(self.known) :]:
            self.add(line)
            self.known.append((line.step, line.seconds))
        return tuple(self.frames[: len(lines)])


class _Map(_Frames):
    def begin(self) -> None:
        super().begin()
        self.told_of, self.told = "", dict[int, bytes]()  # news as of that frame, by the first row that is new
        self.extents: list[np.ndarray] = []
        self.axes: maps.Axes | None = None
        self.figure, self.chosen = Packed(""), 0  # as of which frame
        self.whole = 0, Packed("")  # the figure around so many frames that no other will follow

    def add(self, line: MapRecord) -> None:
        layout = self._layout(line)
        labels, prototypes = runs.labels(self.name), self._prototypes(line)
        frame = maps.map_frame(layout, line.epoch, labels, prototypes)
        self.frames.append(pack_frame(frame, spool=self.spool))
        self.extents.append(maps.extent(layout))
        if self.axes is None or not maps.holds(self.axes, self.extents[-1]):
            self.axes, self.chosen = maps.axes_of(self.extents, maps.ROOM), len(self.known)
            self.figure = self._packed(line, self.axes)

    def packed(self, lines: Sequence[MapRecord], live: bool) -> Packed:
        with self.lock:
            frames = self.follow(lines)
            if not live and self.whole[0] != len(lines):
                axes = maps.axes_of(self.extents[: len(lines)])
                self.whole = len(lines), self._packed(lines[-1], axes)
            figure = self.figure if live else self.whole[1]
            return replace(figure, frames=frames, frame_label=say("figures.epoch.frame_of"))

    def still(self, lines: Sequence[MapRecord], line: MapRecord, layout: np.ndarray) -> Packed:
        with self.lock:
            self.follow(lines)
            axes = maps.axes_of([*self.extents[: len(lines)], maps.extent(layout)])
        labels, class_names = runs.labels(self.name), runs.class_names(self.name)
        figure = maps.moving_map(layout, axes, labels, class_names, self.theme, None, runs.texts(self.name))
        frame = pack_frame(maps.map_frame(layout, line.epoch, labels))
        return replace(pack(figure), frames=(frame,), frame_label=say("runs.quality.frame"))

    def news(self, lines: Sequence[MapRecord], have: str) -> bytes:
        with self.lock:
            frames = self.follow(lines)
            if self.told_of != frames[-1][2]:
                self.told_of = frames[-1][2]
                self.told.clear()
            first = max((row + 1 for row, frame in enumerate(frames) if frame[2] == have), default=0)
            if first not in self.told:  # by a row, and not by what is asked: of that there is no end
                self.told[first] = self._news_from(frames, first)
            return self.told[first]

    def _news_from(self, frames: Sequence[Frame], first: int) -> bytes:
        if first == len(frames):
            return b""
        new = frames[first:]
        for _, _, digest, content in new:
            frame_store.keep(digest, content)
        sent = new if len(new) <= MOST_SENT else ()
        contents = {digest: json.loads(bytes(content)) for _, _, digest, content in sent}
        figure = self.figure.figure if self.chosen >= first else None
        listed = [frame[:3] for frame in new]
        return json.dumps({"from": first, "frames": listed, "contents": contents, "figure": figure}).encode()

    def _layout(self, line: MapRecord) -> np.ndarray:
        """Not out of a cache, because a step that is made again after a rewind has another map."""
        return runs.run_of(self.name).snapshot(line.step, "map")["map"]

    def _prototypes(self, line: MapRecord) -> maps.Prototypes:
        return runs.run_of(self.name).prototypes(line.step)

    def _packed(self, line: MapRecord, axes: maps.Axes) -> Packed:
        labels, class_names = runs.labels(self.name), runs.class_names(self.name)
        layout, prototypes = self._layout(line), self._prototypes(line)
        texts = runs.texts(self.name)
        return pack(maps.moving_map(layout, axes, labels, class_names, self.theme, prototypes, texts))


class _Progress(_Frames):
    def begin(self) -> None:
        super().begin()
        self.drawn: tuple[str, int] = ("", -1)
        self.drawn_at = float("-inf")
        self.figure = ""

    def add(self, line: MapRecord) -> None:
        histogram, boundaries = self._histogram(line), self._boundaries(line)
        frame = figures_of_progress.shares_frame(histogram, line.epoch, boundaries)
        self.frames.append(pack_frame(frame, spool=self.spool))

    def packed(self, snapshots: Sequence[SnapshotRecord], steps: Sequence[Step], live: bool) -> Packed:
        with self.lock:
            frames = self.follow(snapshots)
            is_due = not live or time.monotonic() - self.drawn_at >= DRAWN_SECONDS
            if is_due and self.drawn != (frames[-1][2], len(steps)):
                self.drawn, self.drawn_at = (frames[-1][2], len(steps)), time.monotonic()
                epoch = max(line.epoch for line in (*snapshots[-1:], *steps[-1:]))
                last = snapshots[-1]
                figure = figures_of_progress.progress(
                    steps, epoch, self._histogram(last), self.theme, self._boundaries(last)
                )
                self.figure = pack(figure).figure
            return Packed(self.figure, frames)

    def _boundaries(self, line: MapRecord) -> dict[str, float]:
        """What the loss has learned by then, by the name of the class."""
        prototypes = runs.run_of(self.name).prototypes(line.step)
        if "boundaries" not in prototypes:
            return {}
        names = [*runs.class_names(self.name), say("runs.map.all_classes")]  # the last for -1
        labels = prototypes["boundary_classes"].tolist()
        return dict(zip((names[label] for label in labels), prototypes["boundaries"].tolist(), strict=True))

    def _histogram(self, line: MapRecord) -> figures_of_progress.Histogram:
        arrays = runs.run_of(self.name).snapshot(line.step, "edges", "positive_counts", "negative_counts")
        return arrays["edges"], arrays["positive_counts"], arrays["negative_counts"]


@worded(st.cache_resource(max_entries=16, show_spinner=False))
def _map(name: str, theme: Theme) -> _Map:
    return _Map(name, theme)


@worded(st.cache_resource(max_entries=16, show_spinner=False))
def _progress(name: str, theme: Theme) -> _Progress:
    return _Progress(name, theme)
