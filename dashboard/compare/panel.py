"""Runs side by side, live while one of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.experiment.experiment import differences
from core.records.main_numbers import EER, QUALITY, MainNumber
from core.records.snapshot_record import SnapshotRecord
from core.runs.states import UNDER_WAY
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import Stacked, live_figure
from dashboard.figures.maps import frame_name
from dashboard.lookups import comparisons, runs
from dashboard.markdown import plain, table
from dashboard.runs import state
from dashboard.runs.run_panel import classes_shown
from dashboard.runs.submit import keep_engine
from dashboard.settings import METRIC, MOMENT, MOMENTS
from dashboard.url import is_way_back, ways_back

LIVE_SECONDS = 1.0
MAPS_HEIGHT, STACKED_HEIGHT, STACKED_BELOW = 340, 400, 600  # the second for each run
METRICS = {number.key: number for number in (*QUALITY, EER)}
NUMBERS = (
    *METRICS.values(),
    MainNumber("epochs", "epoch"),
    MainNumber("updates", "step"),
    MainNumber("seconds of training", "seconds"),
)
LAST, SAME = "last", "same"

Snapshots = Mapping[str, Sequence[SnapshotRecord]]


def watch(chosen: Sequence[str]) -> None:
    """Draw the comparison of those that have something to show; look again every second while one of them is live."""
    there = runs.choosable()
    names = tuple(name for name in chosen if name in there)
    if waiting := [name for name in chosen if name not in there]:
        st.fragment(_wait, run_every=LIVE_SECONDS)(waiting)
    if len(names) >= 2:
        rows = [runs.row_of(name) for name in names]
        live = any(row is not None and row.state in UNDER_WAY for row in rows)
        st.fragment(_watch, run_every=LIVE_SECONDS if live else None)(names, _frame(names, is_live=live))
    elif not waiting:
        st.info("Choose at least two runs: trained ones, running ones or recorded lessons.", icon=":material/compare:")


def _wait(names: Sequence[str]) -> None:
    """Say which runs come, until one of them has a snapshot or comes no more."""
    rows = [row for name in names if (row := runs.row_of(name))]
    if any(name in runs.choosable() for name in names) or any(row.state not in UNDER_WAY for row in rows):
        st.rerun()
    keep_engine()
    said = ", ".join(f"**{plain(row.title)}** ({row.state})" for row in rows)
    st.markdown(f":material/hourglass_top: {said}: each is added here with its first snapshot.")


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
    _show_alarms(names, snapshots)
    result = live_figure(
        packed,
        key="compare.maps",
        height=MAPS_HEIGHT,
        stacked=Stacked(STACKED_BELOW, STACKED_HEIGHT * len(names)),
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
        _table(names, _numbers_of(names, snapshots))
    with right:
        number = METRICS[_chosen_metric()]
        live_figure(
            comparisons.quality(names, steps, number, theme),
            key="compare.quality",
            height=250,
            alt=f"{number.title} of each run over the epochs",
        )


def _show_alarms(names: Sequence[str], snapshots: Snapshots) -> None:
    """Of runs whose last snapshot has collapsed: UMAP spreads what little is left, so that a map looks healthy."""
    for name, title in zip(names, runs.differing_titles(names), strict=True):
        if alarm := snapshots[name][-1].alarm:
            evidence = "; ".join(alarm.evidence)
            st.caption(
                f":material/emergency_heat: **{plain(title)}: {alarm.sentence}** {evidence[0].upper()}{evidence[1:]}. "
                "Its map can look healthy nevertheless: UMAP spreads even points that are nearly equal."
            )


def _numbers_of(names: Sequence[str], snapshots: Snapshots) -> dict[str, SnapshotRecord]:
    """The snapshots whose numbers are compared: the last of each run, or those of one moment where these differ."""
    last = {name: snapshots[name][-1] for name in names}
    common = set.intersection(*({frame_name(numbers.epoch) for numbers in snapshots[name]} for name in names))
    if len({numbers.epoch for numbers in last.values()}) == 1:
        return last
    moments = [frame_name(last[name].epoch) for name in names]
    at = ", ".join(
        f"{plain(title)} at {moment}" for title, moment in zip(runs.differing_titles(names), moments, strict=True)
    )
    st.caption(f":material/info: These runs stand at different epochs: {at}.")
    shared = [numbers for numbers in snapshots[names[0]] if frame_name(numbers.epoch) in common]
    if not shared:
        return last
    moment = frame_name(shared[-1].epoch)
    offered = {LAST: "Each at its last", SAME: f"All at {moment}"}
    chosen = st.segmented_control(
        "Numbers",
        list(offered),
        required=True,
        format_func=offered.__getitem__,
        label_visibility="collapsed",
        **MOMENTS.widget(MOMENTS.among(list(offered), shown=offered.__getitem__)),
    )
    if chosen == LAST:
        return last
    return {name: next(numbers for numbers in snapshots[name] if frame_name(numbers.epoch) == moment) for name in names}


def _chosen_metric() -> str:
    """The key of the number whose curve is drawn."""
    first = METRIC.default or ""
    return st.segmented_control(
        "Metric",
        list(METRICS),
        required=True,
        format_func=lambda key: METRICS[key].title,
        label_visibility="collapsed",
        **METRIC.widget(METRIC.value(first, METRICS, shown=METRICS[first].title)),
    )


def _table(names: Sequence[str], compared: Mapping[str, SnapshotRecord]) -> None:
    """The numbers of these snapshots, then the settings that differ."""
    rows = {number.title: [_spelled(number.of(compared[name])) for name in names] for number in NUMBERS}
    experiments = [runs.run_of(name).experiment() for name in names]
    for setting, values in differences(experiments).items():
        rows[setting] = ["–" if value is None else str(value) for value in values]
    titles = [plain(title) for title in runs.differing_titles(names)]
    with st.container(key="compare.numbers"):
        st.markdown(table(["", *titles], [[plain(what), *map(plain, values)] for what, values in rows.items()]))


def _spelled(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.1f}"
