"""What there is to watch while a training waits behind others: the recording that the reader saw last plays on."""

from __future__ import annotations

import streamlit as st

from core.runs.durations import seconds_since
from core.runs.run_row import Row
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import live_figure
from dashboard.lookups import live_frames, runs
from dashboard.lookups.queue_places import place_in_queue
from dashboard.markdown import plain
from dashboard.runs import state
from dashboard.settings import RECORDING
from dashboard.wording import say

FIRST = "digits-semi-hard"
WAITED_SECONDS = 2.0  # what begins sooner is not worth another picture
MAP_HEIGHT, CURVES_HEIGHT = 400, 345


def show(row: Row | None) -> bool:
    """Draw it, and whether there is any: not for a run that is the next and begins as soon as a worker is there, since
    what moves meanwhile is taken from that worker."""
    name = recording()
    if row is None or not name or row.state != "queued" or not _has_to_wait(row):
        return False
    st.caption(say("runs.meanwhile.recording", title=plain(runs.titles_of([name])[name])))
    run, theme = runs.run_of(name), state.theme()
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        live_figure(
            live_frames.moving_map(name, run.maps(), theme, live=False),
            key="running.meanwhile",
            height=MAP_HEIGHT,
            alt=say("runs.map.alt"),
            scrub=Scrub(autoplay=True, loop=True),
            sprite=runs.sprite(name),
            group="running.meanwhile",
        )
    with right:
        live_figure(
            live_frames.progress(name, run.snapshots(), run.steps(), theme, live=False),
            key="running.meanwhile.progress",
            height=CURVES_HEIGHT,
            alt=say("runs.progress.alt"),
            group="running.meanwhile",
        )
    return True


def recording() -> str:
    """The name of the one that the address has from Learn, or the first; empty where none is there."""
    there = runs.lessons()
    return next((name for name in (RECORDING.text, FIRST, *there) if name and name in there), "")


def _has_to_wait(row: Row) -> bool:
    place = place_in_queue(row)
    is_behind = place is not None and bool(place.number > 1 or place.at_work)
    return is_behind and seconds_since(row.submitted_at) >= WAITED_SECONDS
