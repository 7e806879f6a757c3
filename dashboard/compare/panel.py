"""Runs side by side, live while one of them is."""

from __future__ import annotations

import streamlit as st

from core.experiment.experiment import differences
from core.records.main_numbers import EER, MAP_AT_R, QUALITY, MainNumber
from core.records.snapshot_record import SnapshotRecord
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import live_figure
from dashboard.figures.maps import frame_name
from dashboard.lookups import comparisons, runs
from dashboard.runs import state
from dashboard.runs.run_panel import LIVE, classes_shown
from dashboard.settings import MOMENT
from dashboard.url import is_way_back, ways_back

LIVE_SECONDS = 1.0
NUMBERS = (
    *QUALITY,
    EER,
    MainNumber("epochs", "epoch"),
    MainNumber("updates", "step"),
    MainNumber("seconds of training", "seconds"),
)


def watch(names: tuple[str, ...]) -> None:
    """Draw the comparison; look again every second while one of the runs is live."""
    rows = [runs.row_of(name) for name in names]
    live = any(row is not None and row.state in LIVE for row in rows)
    st.fragment(_watch, run_every=LIVE_SECONDS if live else None)(names, _frame(names, is_live=live))


def _frame(names: tuple[str, ...], *, is_live: bool) -> str | None:
    """The frame that the address names; on a way back to where it names none, the last one."""
    epochs = sorted({numbers.epoch for name in names for numbers in runs.run_of(name).snapshots()})
    frames = [frame_name(epoch) for epoch in epochs]
    if not frames or (MOMENT.text is None and (is_live or not is_way_back())):
        return None
    return MOMENT.value(frames[-1], frames, "of which none of these runs has a snapshot")


def _watch(names: tuple[str, ...], frame: str | None) -> None:
    snapshots = {name: runs.run_of(name).snapshots() for name in names}
    steps = tuple(tuple(numbers.step for numbers in snapshots[name]) for name in names)
    theme = state.theme()
    packed = comparisons.comparison(names, steps, theme)
    result = live_figure(
        packed,
        key="compare.maps",
        height=400,
        alt="Maps and pair distances of the chosen runs, side by side",
        scrub=Scrub(autoplay=False, frame=frame, again=ways_back()),
    )
    if stopped := state.fresh("compare.stopped", result.frame):
        MOMENT.keep(None if packed.frames and stopped == packed.frames[-1][0] else stopped)
    shown = [runs.data(name) for name in names]
    probes = dict.fromkeys(f"{data.probe_count:,} held-out images{classes_shown(data)}" for data in shown)
    protocols = sorted({data.protocol for data in shown})
    st.caption(f"{' and '.join(probes)} · {' and '.join(protocols)} · blue: positive pairs, hatched: negative")
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _table(names, snapshots)
    with right:
        live_figure(
            comparisons.quality(names, steps, MAP_AT_R, theme),
            key="compare.quality",
            height=250,
            alt="MAP@R of each run over the epochs",
        )


def _table(names: tuple[str, ...], snapshots: dict[str, list[SnapshotRecord]]) -> None:
    """Only the settings that differ, then the numbers of the last snapshot."""
    experiments = [runs.run_of(name).experiment() for name in names]
    rows = {
        setting: ["–" if value is None else str(value) for value in values]
        for setting, values in differences(experiments).items()
    }
    for number in NUMBERS:
        rows[number.title] = [_spelled(number.of(snapshots[name][-1])) for name in names]
    columns = {"": list(rows)}
    for position, title in enumerate(runs.differing_titles(names)):
        columns[title] = [values[position] for values in rows.values()]
    st.dataframe(columns, hide_index=True, height="content", row_height=27)


def _spelled(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.1f}"
