"""The maps of runs side by side, on one scrub bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import streamlit as st

from core.records.snapshot_record import SnapshotRecord
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import Stacked, live_figure
from dashboard.figures.maps import frame_name
from dashboard.lookups import comparisons, runs
from dashboard.runs import state
from dashboard.runs.run_panel import probe_counts, shown_samples
from dashboard.settings import MOMENT
from dashboard.url import is_way_back, ways_back
from dashboard.wording import say

HEIGHT, STACKED_HEIGHT, STACKED_BELOW = 340, 400, 600  # the second for each run

Snapshots = Mapping[str, Sequence[SnapshotRecord]]


def asked_frame(names: Sequence[str], *, is_live: bool) -> str | None:
    """The frame that the address names; on a way back to where it names none, the last one."""
    epochs = sorted({numbers.epoch for name in names for numbers in runs.run_of(name).snapshots()})
    frames = [frame_name(epoch) for epoch in epochs]
    if not frames or (MOMENT.text is None and (is_live or not is_way_back())):
        return None
    return MOMENT.value(frames[-1], frames, say("compare.maps.no_frame"))


def show(names: tuple[str, ...], snapshots: Snapshots, frame: str | None, *, is_live: bool) -> None:
    """Draw the maps of these runs up to these snapshots, and say of what they are; the address keeps where a reader
    stops."""
    steps = tuple(tuple(numbers.step for numbers in snapshots[name]) for name in names)
    packed = comparisons.comparison(names, steps, state.theme(), live=is_live)
    result = live_figure(
        packed,
        key="compare.maps",
        height=HEIGHT,
        stacked=Stacked(STACKED_BELOW, STACKED_HEIGHT * len(names)),
        alt=say("compare.maps.alt"),
        scrub=Scrub(autoplay=False, frame=frame, again=ways_back()),
    )
    if stopped := state.fresh("compare.stopped", result.frame):
        MOMENT.keep(None if packed.frames and stopped == packed.frames[-1][0] else stopped)
    st.caption(_shown(names))


def _shown(names: Sequence[str]) -> str:
    """Of how many samples the maps are, by which protocol they were held out, and what the colours are."""
    probes = dict.fromkeys(
        say(f"compare.maps.{shown_samples(name)}", **probe_counts(runs.data(name))) for name in names
    )
    protocols = sorted({runs.data(name).protocol for name in names})
    return say("compare.maps.caption", images=_all(probes), protocols=_all(protocols))


def _all(named: Iterable[str]) -> str:
    return reduce(lambda one, other: say("compare.maps.and", one=one, other=other), named)
