"""The map of a snapshot as Explore shows it, packed, and what a search finds among its points."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.maps.other_maps import OWN
from dashboard.components.live_figure import Frame, Packed, pack, pack_frame
from dashboard.figures import maps, point_map
from dashboard.lookups import map_qualities, point_colours, rank_lists, runs, snapshot_arrays
from dashboard.lookups.point_colours import CLASS, CORRECT
from dashboard.palette import Theme
from dashboard.worded import worded


@worded(st.cache_data(max_entries=64, show_spinner=False))
def search(name: str, words: str) -> np.ndarray:
    """The rows of the points whose class or own name is exactly this, in any case; where none is called so, of those
    that have these words in either; none for no words. Of points without names of their own the row is found by all of
    what it is called."""
    asked = words.strip().casefold()
    if not asked:
        return np.zeros(0, np.int64)
    exactly = _called(name, asked)
    return exactly if len(exactly) else _having(name, asked)


@worded(st.cache_data(max_entries=64, show_spinner=False))
def left_aside(name: str, words: str) -> int:
    """How many points have these words in a name and are not found, because others are called exactly so."""
    asked = words.strip().casefold()
    exactly = _called(name, asked) if asked else ()
    return len(np.setdiff1d(_having(name, asked), exactly)) if len(exactly) else 0


def _called(name: str, asked: str) -> np.ndarray:
    of_class = _of_class(name, [asked == one.casefold() for one in runs.class_names(name)])
    return np.flatnonzero(of_class | np.array([asked == one.casefold() for one in runs.point_names(name)]))


def _having(name: str, asked: str) -> np.ndarray:
    of_class, is_own = (
        _of_class(name, [asked in one.casefold() for one in runs.class_names(name)]),
        runs.has_point_names(name),
    )
    return np.flatnonzero(of_class | np.array([is_own and asked in one.casefold() for one in runs.point_names(name)]))


def map_of(
    name: str, step: int, by: str, words: str, query: int, theme: Theme, first_step: int, kind: str = OWN
) -> Packed:
    """A map of this kind, which is there, with the query marked: the figure stays as it is while the query changes."""
    values = point_colours.colouring(name, step, by, first_step)
    shown = by if values is not None else CLASS
    packed = _points(name, step, shown, words, theme, first_step, kind)
    return Packed(packed.figure, (_marks(name, step, query, kind),), digest=packed.digest)


def _of_class(name: str, is_meant: list[bool]) -> np.ndarray:
    labels = runs.labels(name)
    return np.array(is_meant)[labels] if is_meant else np.zeros(len(labels), bool)


@worded(st.cache_data(max_entries=64, show_spinner=False))
def texts(name: str) -> list[str]:
    """What is said of each point under the pointer: its class and its own name."""
    classes, labels = runs.class_names(name), runs.labels(name).tolist()
    return [f"{classes[label]}\n{own}" for label, own in zip(labels, runs.point_names(name), strict=True)]


@worded(st.cache_resource(max_entries=32, show_spinner=False))
def _points(name: str, step: int, by: str, words: str, theme: Theme, first_step: int, kind: str) -> Packed:
    values = point_colours.colouring(name, step, by, first_step)
    assert values is not None, "who asks has seen that it is there"
    layout = _layout(name, step, kind)
    look = _look(by, values, theme)
    found = search(name, words) if words.strip() else None
    if found is not None and not len(found):  # nothing to step back for
        found = None
    axes = _axes(name, runs.run_of(name).snapshots()[-1].step)
    if not maps.holds(axes, maps.extent(layout)):
        axes = maps.axes_of([maps.corners_of(axes), maps.extent(layout)])
    figure = point_map.point_map(layout, axes, look, texts(name), found, theme)
    if values.names and by != CORRECT:
        point_map.class_names_on(figure, layout, values.values, values.names, theme)
    return pack(figure)


def _layout(name: str, step: int, kind: str) -> np.ndarray:
    if kind == OWN:
        return snapshot_arrays.shown_layout(name, step)
    measured = map_qualities.found(name, step, kind)
    assert measured is not None, "who asks has seen that it is there"
    return measured.layout


def _look(by: str, values: point_colours.Colouring, theme: Theme) -> dict[str, object]:
    if not values.names:
        return point_map.by_number(values.values, theme)
    return (point_map.by_verdict if by == CORRECT else point_map.by_name)(values.values, theme)


@st.cache_data(max_entries=64, show_spinner=False)
def _axes(name: str, last: int) -> maps.Axes:
    """Axes that hold the maps of all snapshots up to the `last` step, so that only the points move."""
    steps = [line.step for line in runs.run_of(name).snapshots() if line.step <= last]
    return maps.still_axes([snapshot_arrays.shown_layout(name, step) for step in steps])


@worded(st.cache_resource(max_entries=512, show_spinner=False))
def _marks(name: str, step: int, query: int, kind: str) -> Frame:
    listed = rank_lists.rank_list(name, step, query)
    layout = _layout(name, step, kind).astype(np.float32)
    return pack_frame(point_map.marks(layout, query, listed.rows, listed.is_match))
