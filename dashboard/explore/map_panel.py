"""The map on the left: a click asks, a lasso selects."""

from __future__ import annotations

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from dashboard.components.live_figure import live_figure
from dashboard.core_words import translated
from dashboard.explore import controls
from dashboard.figures.point_map import FOUND, POINTS
from dashboard.lookups import point_colours, point_maps, runs
from dashboard.markdown import plain
from dashboard.runs import map_quality, state
from dashboard.settings import QUERY
from dashboard.wording import joined, say

HEIGHT = 460
GLIDE_SECONDS, MANY = 0.5, 20_000  # points, from which on they do not glide


def adopt_click(name: str) -> None:
    """Before the query is read: a click on the map that was not seen yet makes its point the query."""
    clicked = st.session_state.get(_key(name), {}).get("clicked") or {}
    if state.fresh("explore.clicked", clicked.get("number")) is not None and "id" in clicked:
        QUERY.keep(int(clicked["id"]))


def show(name: str, numbers: SnapshotRecord, by: str, words: str, query: int, first_step: int) -> list[int]:
    """Draw the map, and say how far it can be trusted; the rows that a lasso holds, ascending."""
    count, shown = len(runs.labels(name)), map_quality.of_moment(name, numbers)
    result = live_figure(
        point_maps.map_of(name, numbers.step, by, words, query, state.theme(), first_step, shown.kind),
        key=_key(name),
        height=HEIGHT,
        alt=say("explore.map.alt"),
        sprite=runs.sprite(name),
        select="both",
        tween_seconds=GLIDE_SECONDS if count <= MANY else 0.0,
    )
    is_known = point_colours.colouring(name, numbers.step, by, first_step) is not None
    said = [plain(controls.key_in_words(by, is_known=is_known, classes=len(runs.class_names(name))))]
    if words:
        said.append(plain(controls.found_in_words(name, words)))
    data = runs.data(name)
    points = say("explore.map.points", shown=count, all=data.evaluation_count, protocol=translated(data.protocol))
    said.append(say("explore.map.reading", points=plain(points), map=map_quality.title(shown.kind, numbers)))
    st.caption(joined("sentences", said))
    map_quality.show(name, shown)
    return sorted({row for trace in (POINTS, FOUND) for row in result.selected.get(trace, []) if row < count})


def _key(name: str) -> str:
    return f"explore.map.{name}"
