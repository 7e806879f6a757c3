"""A run to watch: its map, its curves, its numbers, and the buttons that steer it; the same for live and recorded."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.engine import ensure_engine
from core.states import ACTIVE
from core.store import Row
from dashboard import cached, state
from dashboard.components.gestures import Scrub
from dashboard.components.live_figure import live_figure
from dashboard.figures.maps import frame_name

LIVE_SECONDS = 0.5
MAP_HEIGHT = 430
CURVES_HEIGHT = 345
NUMBERS = {"Recall@1": "recall_at_1", "MAP@R": "map_at_r", "AUC": "auc"}
LIVE = (*ACTIVE, "queued", "interrupted")


def watch(name: str) -> None:
    """Draw the run; look again twice a second while it is live."""
    row = state.row_of(name)
    live = row is not None and row.state in LIVE
    st.fragment(_watch, run_every=LIVE_SECONDS if live else None)(name, live)


def _watch(name: str, live: bool) -> None:
    row = state.row_of(name)
    if live and row is not None:
        ensure_engine(state.store().root)
        if row.state not in LIVE:
            st.rerun()
    run = state.find_run(name)
    maps, snapshots = (run.maps(), run.snapshots()) if run else ([], [])
    if row is not None or run is None:
        _status(name, row, maps)
    if not snapshots:
        st.skeleton(height=MAP_HEIGHT)
        return
    _figures(name, maps, snapshots, moving=row is None)


def _status(name: str, row: Row | None, maps: list[dict[str, Any]]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", height=44, border=False):
        st.markdown(_sentence(name, row, maps))
        if row is not None:
            _buttons(row)


def _sentence(name: str, row: Row | None, maps: list[dict[str, Any]]) -> str:
    if row is None:
        return f":material/movie: **{name.replace('-', ' ')}** · a recorded run"
    progress = f"epoch {row.epoch} of {row.epochs}" if row.epochs else "preparing"
    if row.state == "queued":
        return f":material/hourglass_top: **{row.name}** · waiting, place {state.store().queue_place(row.id) or 1}"
    if row.state in ("running", "pausing", "stopping"):
        waiting = " · UMAP is warming up, the map shows PCA" if maps and maps[-1]["map"] == "pca" else ""
        left = f" · about {row.seconds_left:.0f} s left" if row.state == "running" and row.seconds_left else ""
        return f":material/bolt: **{row.name}** · {row.state} · {progress}{left}{waiting}"
    if row.state == "failed":
        return f":material/error: **{row.name}** · {row.message}"
    return f":material/check_circle: **{row.name}** · {row.state} · {progress} · {row.seconds:.0f} s of training"


def _buttons(row: Row) -> None:
    offered = {
        "queued": ["stop"],
        "running": ["pause", "stop"],
        "interrupted": ["stop"],
        "paused": ["run", "stop"],
        "stopped": ["run"],
        "failed": ["run"],
    }.get(row.state, [])
    looks = {"run": ("Resume", "play_arrow"), "pause": ("Pause", "pause"), "stop": ("Stop", "stop")}
    for wanted in offered:
        label, icon = looks[wanted]
        st.button(label, icon=f":material/{icon}:", key=f"running.{wanted}", on_click=_want, args=(row.id, wanted))


def _want(run_id: str, wanted: str) -> None:
    state.store().want(run_id, wanted)
    ensure_engine(state.store().root)


def _figures(name: str, maps: list[dict[str, Any]], snapshots: list[dict[str, Any]], moving: bool) -> None:
    run = cached.run_of(name)
    theme = state.theme()
    drawn = tuple(when["step"] for when in maps)
    epochs = tuple(when["epoch"] for when in maps)
    measured = tuple(numbers["step"] for numbers in snapshots)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        live_figure(
            cached.moving_map(name, drawn, epochs, theme),
            key="running.map",
            height=MAP_HEIGHT,
            alt="Map of the held-out images; one point an image, one colour a class",
            scrub=Scrub(autoplay=moving, loop=moving),
            sprite=cached.sprite(name),
            group="running",
        )
        data = cached.description(name)["data"]
        st.caption(
            f"{data['probe_count']:,} of {data['evaluation_count']:,} held-out images · {data['protocol']} · "
            f"{maps[-1]['map'].upper()}"
        )
    with right:
        live_figure(
            cached.progress(name, measured, len(run.steps()), theme),
            key="running.progress",
            height=CURVES_HEIGHT,
            alt="Shares of easy, semi-hard and hard triplets; active share and mean of the active; pair distances",
            group="running",
        )
        _numbers(snapshots[-1], run.baselines())


def _numbers(last: dict[str, Any], baselines: dict[str, dict[str, float]]) -> None:
    """The run beside what costs no training."""
    columns = {frame_name(last["epoch"]): last} | baselines
    table = {"": list(NUMBERS)} | {
        name: [numbers[key] for key in NUMBERS.values()] for name, numbers in columns.items()
    }
    shown = {name: st.column_config.NumberColumn(format="%.3f") for name in columns}
    st.dataframe(table, hide_index=True, column_config=shown, row_height=27, height="content")
