"""The triplets of one anchor of a snapshot: on the map, on the plane of their distances, and counted, at one margin."""

from __future__ import annotations

import streamlit as st

from core.batch.mined import Triplets
from core.records.snapshot_record import SnapshotRecord
from dashboard.components.live_figure import live_figure
from dashboard.figures.choices import for_the_map, for_the_plane
from dashboard.figures.margins import margin_handle, margin_on_the_map, nearest_margin
from dashboard.lookups import anchor_triplets, runs, snapshot_arrays
from dashboard.runs import state
from dashboard.settings import MARGIN
from dashboard.url import Between

MAP_HEIGHT = 440
PLANE_HEIGHT = 360
READING = "Dotted line: negative and positive equally far. Solid line: a margin further; drag it."  # counts follow it


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
    why = f"where margins from {possible.low:g} to {possible.high:g} are counted"
    row = nearest_margin(triplets.margins, MARGIN.value(loss.hardness_margin, possible, why))
    result = live_figure(
        anchor_triplets.triplet_plane(name, step, anchor, theme),
        key=keyed("mine.plane"),
        height=PLANE_HEIGHT,
        alt="Triplets of the anchor by distance to the positive and to the negative, with the margin to drag",
        handles=[margin_handle(triplets, whole, triplets.margins[row], theme)],
        sprite=runs.sprite(name),
        group=keyed("mine"),
    )
    released = state.fresh("mine.released", result.handles.get("margin"))
    if released is not None:
        row = nearest_margin(triplets.margins, released)
        MARGIN.keep(float(triplets.margins[row]))
    if triplets.total:
        st.caption(f"{READING} {for_the_plane(triplets).words}")
    else:
        st.info("This image has no other of its class here, so it is the anchor of no triplet. Click another one.")
    own = "The loss's own margin is" if loss.consumes is Triplets else "This loss has no margin; the line begins at"
    st.caption(f"{own} {loss.hardness_margin:.3g}. All anchors together have {whole.total:,} triplets.")
    return row


def _map(name: str, numbers: SnapshotRecord, anchor: int, row: int) -> None:
    theme = state.theme()
    triplets = anchor_triplets.triplets(name, numbers.step, anchor)
    live_figure(
        anchor_triplets.triplet_map(name, numbers.step, anchor, theme),
        key=keyed("mine.map"),
        height=MAP_HEIGHT,
        alt="Map of the held-out images with the chosen anchor and its triplets; click a point to choose it",
        handles=[margin_on_the_map(snapshot_arrays.layout(name, numbers.step), triplets, triplets.margins[row], theme)],
        sprite=runs.sprite(name),
        select="point",
        group=keyed("mine"),
    )
    data = runs.data(name)
    st.caption(
        f"Click a point to make it the anchor. {for_the_map(triplets).words} {data.probe_count:,} of "
        f"{data.evaluation_count:,} held-out images · {data.protocol} · {numbers.map.upper()}"
    )


def clicked_point() -> int | None:
    """The image that was clicked last on the map."""
    selected = st.session_state.get(keyed("mine.map"), {}).get("selected") or {}
    return next(iter(selected.get("probe", [])), None)


def forget_click() -> None:
    """Draw both figures anew. They dim all but the point that was clicked, which is wrong once another one is chosen
    without a click."""
    st.session_state["mine.generation"] = st.session_state.get("mine.generation", 0) + 1


def keyed(name: str) -> str:
    """The key of a widget that begins anew after `forget_click`."""
    return f"{name}.{st.session_state.get('mine.generation', 0)}"
