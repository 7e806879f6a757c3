"""Figures of several runs, packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
import streamlit as st

from core.experiment.experiment import differences
from core.maps.alignment import Similarity, similarity
from core.records.main_numbers import MainNumber
from dashboard import palette
from dashboard.components.live_figure import Frame, Packed, pack, pack_frame
from dashboard.components.spool import Spool
from dashboard.core_words import translated
from dashboard.figures import comparison as figures
from dashboard.figures import maps
from dashboard.figures.strategy_looks import Look
from dashboard.lookups import runs
from dashboard.lookups.shared_samples import shared_samples
from dashboard.worded import worded
from dashboard.wording import say

Found = TypeVar("Found")
Steps: TypeAlias = tuple[tuple[int, ...], ...]  # of each run, those of its snapshots
EMPTY = np.array([[-1.0, -1.0], [1.0, 1.0]])  # the extent of a map without points


def comparison(
    names: tuple[str, ...],
    steps: Steps,
    theme: palette.Theme,
    *,
    live: bool = False,
    waits: tuple[str, ...] = (),
) -> Packed:
    """Maps and histograms of several runs on one time, ready to send; live ones have room on their axes for snapshots
    to come. A run without steps has its place, with what `waits` says of it.

    The map of the first run that has begun stays as it is. Every other one is laid onto it (core/maps/alignment.py) by
    the samples that both show, at the last epoch that both have reached, and at all epochs in the same way: scrubbing
    never turns a map. What is live is laid anew as often as its snapshots have doubled, and once it has ended.
    """
    return _moving(names, theme).packed(steps, live, waits or ("",) * len(names))


class _Moving:
    """A comparison that grows: what it has shown is not drawn again, and each frame is packed once, for all readers."""

    def __init__(self, names: tuple[str, ...], theme: palette.Theme) -> None:
        self.names, self.theme = names, theme
        self.lock = Lock()
        self.fits: list[Similarity] = [Similarity() for _ in names]
        self.fitted: object = None
        self.axes: dict[int, maps.Axes] = {}  # by the first of the runs that have them
        self.extents: list[dict[int, np.ndarray]] = [{} for _ in names]  # of each run's maps, by step
        self.frames: dict[tuple[float, tuple[int, ...]], Frame] = {}
        self.spool = Spool()
        self.drawn: tuple[Steps, bool, tuple[str, ...]] | None = None
        self.around: tuple[object, Packed] = None, Packed("")
        self.whole = Packed("")
        self.qualities: dict[str, tuple[object, Packed]] = {}  # the last of each number

    def packed(self, steps: Steps, live: bool, waits: tuple[str, ...]) -> Packed:
        with self.lock:
            if self.drawn != (steps, live, waits):
                self.whole = self._draw(steps, live, waits)
                self.drawn = steps, live, waits
            return self.whole

    def quality(self, steps: Steps, number: MainNumber, looks: tuple[Look, ...]) -> Packed:
        with self.lock:
            if self.qualities.get(number.key, ((), None))[0] != (steps, looks):
                shown = _shown(self.names, steps)
                values = [
                    [number.of(numbers) for numbers in runs.run_of(name).snapshots()][: len(of)]
                    for name, of in zip(self.names, steps, strict=True)
                ]
                figure = figures.quality(shown, values, translated(number.title), self.theme, looks)
                self.qualities[number.key] = (steps, looks), pack(figure)
            return self.qualities[number.key][1]

    def _draw(self, steps: Steps, live: bool, waits: tuple[str, ...]) -> Packed:
        self._fit(steps, live)
        shown, frames = _shown(self.names, steps, self.fits, waits), list[Frame]()
        for epoch, rows in figures.moments(shown):
            key = epoch, tuple(of[row] if of else -1 for of, row in zip(steps, rows, strict=True))
            if key not in self.frames:
                self.frames[key] = pack_frame(figures.moment(shown, epoch, rows), spool=self.spool)
            frames.append(self.frames[key])
        for extents, run, of in zip(self.extents, shown, steps, strict=True):
            for row, step in enumerate(of):
                if step not in extents:
                    extents[step] = maps.extent(run.layouts[row])
        return replace(self._figure(shown, steps, live), frames=tuple(frames))

    def _fit(self, steps: Steps, live: bool) -> None:
        """Lay the maps onto the first one, where that is due; what lay elsewhere is drawn anew."""
        due = tuple(len(of).bit_length() for of in steps) if live else steps
        if due == self.fitted:
            return
        fits = _laid(self.names, steps)
        if not all(map(Similarity.is_same, fits, self.fits)):
            for kept in (self.frames, self.axes, *self.extents):
                kept.clear()
        self.fits, self.fitted = fits, due

    def _figure(self, shown: list[figures.Shown], steps: Steps, live: bool) -> Packed:
        """The figure around the frames, which stays as long as the axes do."""
        firsts = _same_axes(self.names, steps)
        extents: dict[int, list[np.ndarray]] = {}
        for first, known, of in zip(firsts, self.extents, steps, strict=True):
            extents.setdefault(first, []).extend(known[step] for step in of)
        is_held = all(first in self.axes and _hold(self.axes[first], corners) for first, corners in extents.items())
        if not live or not is_held:
            room = maps.ROOM if live else maps.SNUG
            self.axes = {first: maps.axes_of(corners or [EMPTY], room) for first, corners in extents.items()}
        axes = [self.axes[first] for first in firsts]
        key = [(run.title, run.waits) for run in shown], axes
        if self.around[0] != key:
            figure = figures.comparison(shown, axes, self.theme)
            packed = pack(figure, figures.stacked(figure, len(shown)), say("figures.epoch.frame_of"))
            self.around = key, packed
        return self.around[1]


def _hold(axes: maps.Axes, extents: Sequence[np.ndarray]) -> bool:
    return all(maps.holds(axes, corners) for corners in extents)


def _laid(names: tuple[str, ...], steps: Steps) -> list[Similarity]:
    """What lays the map of each run onto that of the first one that has begun; where both show too few of the same
    samples, and where a run waits, what leaves it as it is."""
    shown, fits = _shown(names, steps), [Similarity() for _ in names]
    begun = [place for place, of in enumerate(steps) if of]
    if not begun:
        return fits
    shared, first = shared_samples(tuple(names[place] for place in begun)), shown[begun[0]]
    for other, place in enumerate(begun):
        run = shown[place]
        if other and shared.are_enough(0, other):
            epoch = min(first.epochs[-1], run.epochs[-1])
            target, points = (of.layouts[of.row_at(epoch)] for of in (first, run))
            onto, mine = shared.rows(0, other)
            fits[place] = similarity(points[mine], target[onto])
    return fits


def _same_axes(names: tuple[str, ...], steps: Steps) -> list[int]:
    """Of each run the place of the first one with the same axes: of those that are laid onto one another."""
    begun = [place for place, of in enumerate(steps) if of]
    firsts = list(range(len(names)))
    if begun:
        shared = shared_samples(tuple(names[place] for place in begun))
        for other, place in enumerate(begun):
            firsts[place] = begun[0] if shared.are_enough(0, other) else place
    return firsts


@worded(st.cache_resource(max_entries=16, show_spinner=False))
def _moving(names: tuple[str, ...], theme: palette.Theme) -> _Moving:
    return _Moving(names, theme)


def quality(
    names: tuple[str, ...],
    steps: Steps,
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


def _shown(
    names: tuple[str, ...], steps: Steps, fits: Sequence[Similarity] = (), waits: Sequence[str] = ()
) -> list[figures.Shown]:
    """What the comparison needs of each run, its maps where `fits` take them."""
    titles = runs.differing_titles(names)
    ids = iter(shared_samples(begun).ids if (begun := _begun(names, steps)) else ())
    shown = []
    for place, (name, of, title) in enumerate(zip(names, steps, titles, strict=True)):
        if of:
            shown.append(_one_shown(name, of, title, fits[place] if fits else Similarity(), next(ids)))
        else:
            shown.append(figures.Shown(title, [], [], [], np.zeros(0, int), [], waits=waits[place] if waits else title))
    return shown


def _begun(names: tuple[str, ...], steps: Steps) -> tuple[str, ...]:
    return tuple(name for name, of in zip(names, steps, strict=True) if of)


class _Read(Generic[Found]):
    """What each of these snapshots has, read when it is asked for, and held no longer than the comparison is drawn: a
    frame of it is packed once."""

    def __init__(self, steps: Sequence[int], read: Callable[[int], Found]) -> None:
        self.steps, self.read, self.found = steps, read, dict[int, Found]()

    def __getitem__(self, row: int, /) -> Found:
        if row not in self.found:
            self.found[row] = self.read(self.steps[row])
        return self.found[row]


def _one_shown(name: str, steps: tuple[int, ...], title: str, fit: Similarity, ids: np.ndarray) -> figures.Shown:
    run, asked = runs.run_of(name), set(steps)
    snapshots = [numbers for numbers in run.snapshots() if numbers.step in asked]

    def histogram(step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        arrays = run.snapshot(step, "edges", "positive_counts", "negative_counts")
        return arrays["edges"], arrays["positive_counts"], arrays["negative_counts"]

    return figures.Shown(
        title=title,
        epochs=[numbers.epoch for numbers in snapshots],
        layouts=_Read(steps, lambda step: fit(run.snapshot(step, "map")["map"])),
        histograms=_Read(steps, histogram),
        labels=runs.labels(name),
        class_names=runs.class_names(name),
        ids=ids,
        texts=runs.texts(name),
    )
