"""The triplets of one anchor of a snapshot: on the map, on the plane of their distances, and counted, at one margin."""

from __future__ import annotations

import streamlit as st

from core.batch.mined import Triplets
from core.records.snapshot_record import SnapshotRecord
from dashboard.components.live_figure import live_figure
from dashboard.core_words import translated
from dashboard.figures.choices import for_the_map, for_the_plane
from dashboard.figures.margins import nearest_margin
from dashboard.lookups import anchor_triplets, runs
from dashboard.runs import state
from dashboard.settings import MARGIN
from dashboard.url import Between
from dashboard.wording import say

MAP_HEIGHT = 440
PLANE_HEIGHT = 360


def show(name: str, numbers: SnapshotRecord, anchor: int) -> None:
    """Draw the map on the left and the plane on the right; the margin is dragged on the plane and kept in the URL."""
    left, right = st.columns([1, 1.15], gap="medium")
    with right:  # first, because the map is drawn at the margin that was released here
        row = _plane(name, numbers.step, anchor)
    with left:
        _map(name, numbers, anchor, row)


def _plane(name: str, step: int, anchor: int) -> int:
    """The row of the margin that the reader released last."""
    theme = state.theme()
    triplets, whole = anchor_triplets.triplets(name, step, anchor), anchor_triplets.triplet_counts(name, step)
    loss = runs.run_of(name).experiment().loss
    possible = Between(float(triplets.margins[0]), float(triplets.margins[-1]))
    why = say("mine.margin.not_counted", low=possible.low, high=possible.high)
    row = nearest_margin(triplets.margins, MARGIN.value(loss.hardness_margin, possible, why))
    result = live_figure(
        anchor_triplets.triplet_plane(name, step, anchor, theme),
        key=keyed("mine.plane"),
        height=PLANE_HEIGHT,
        alt=say("mine.plane.alt"),
        handles=[anchor_triplets.handles(name, step, anchor, theme)[0].at(float(triplets.margins[row]))],
        sprite=runs.sprite(name),
        group=keyed("mine"),
    )
    released = state.fresh("mine.released", result.handles.get("margin"))
    if released is not None:
        row = nearest_margin(triplets.margins, released)
        MARGIN.keep(float(triplets.margins[row]))
    if triplets.total:
        st.caption(say("mine.plane.reading", shown=for_the_plane(triplets).words))
    else:
        st.info(say("mine.plane.no_triplet"))
    own = "mine.margin.own" if loss.consumes is Triplets else "mine.margin.none"
    st.caption(say(own, margin=loss.hardness_margin, total=whole.total))
    return row


def _map(name: str, numbers: SnapshotRecord, anchor: int, row: int) -> None:
    theme = state.theme()
    triplets = anchor_triplets.triplets(name, numbers.step, anchor)
    live_figure(
        anchor_triplets.triplet_map(name, numbers.step, anchor, theme),
        key=keyed("mine.map"),
        height=MAP_HEIGHT,
        alt=say("mine.map.alt"),
        handles=[anchor_triplets.handles(name, numbers.step, anchor, theme)[1].at(float(triplets.margins[row]))],
        sprite=runs.sprite(name),
        select="point",
        group=keyed("mine"),
    )
    data = runs.data(name)
    st.caption(
        say(
            "mine.map.caption",
            drawn=for_the_map(triplets).words,
            shown=data.probe_count,
            all=data.evaluation_count,
            protocol=translated(data.protocol),
            map=numbers.map.upper(),
        )
    )


def clicked_point() -> int | None:
    """The image that was clicked last on the map."""
    selected = st.session_state.get(keyed("mine.map"), {}).get("selected") or {}
    return next(iter(selected.get("probe", [])), None)


def forget_click() -> None:
    """Draw both figures anew, once another point is chosen without a click: a figure does not tell of the same point
    twice in a row."""
    st.session_state["mine.generation"] = st.session_state.get("mine.generation", 0) + 1


def keyed(name: str) -> str:
    """The key of a widget that begins anew after `forget_click`."""
    return f"{name}.{st.session_state.get('mine.generation', 0)}"
