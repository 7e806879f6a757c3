"""What a page is about: the store, the chosen run in the URL, the theme."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Thread
from typing import Literal

import streamlit as st

from core.engine import ensure_engine
from core.experiment import Experiment
from core.material import material_of
from core.runs import Run
from core.store import Row, Store, default_root

RECORDED = Path(__file__).parents[1] / "assets" / "recorded"
LESSON = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@st.cache_resource
def store() -> Store:
    return Store(default_root())


def lessons() -> list[str]:
    """Names of the recorded runs that come with the code."""
    return sorted(folder.name for folder in RECORDED.glob("*") if (folder / "run.json").exists())


def find_run(name: str) -> Run | None:
    """The run of an id or of a recorded lesson's name; None where there is none, whatever the name says."""
    if not LESSON.fullmatch(name):
        return None
    for folder in (RECORDED / name, default_root() / "runs" / name):
        if (folder / "run.json").exists():
            return Run(folder)
    return None


def find_probe(name: str) -> Path | None:
    run = find_run(name)
    return run.folder / "probe.png" if run else None


def row_of(name: str) -> Row | None:
    """What the store knows of a run; None for recorded lessons and for unknown names."""
    try:
        return store().row(name)
    except ValueError:
        return None


def choosable() -> dict[str, str]:
    """Names of the runs that have something to show, newest first, then the recorded lessons; with their titles."""
    shown = {row.id: row.name for row in store().rows() if (store().folder(row.id) / "snapshots.jsonl").exists()}
    return shown | {name: f"{name.replace('-', ' · ', 1)} · recorded" for name in lessons()}


def choose_run(label: str = "Run") -> str:
    """The run that the page shows, chosen in a menu and kept in the URL as `run`."""
    titles = choosable()
    if st.query_params.get("run") not in titles:
        st.query_params.pop("run", None)
    return st.selectbox(
        label, list(titles), format_func=titles.get, key="run", bind="query-params", label_visibility="collapsed"
    )


def start(experiment: Experiment) -> str:
    """Ask for the run of an experiment and see that an engine is there; the run's id.

    Raises ValueError for an experiment that does not fit its data.
    """
    if experiment.dataset.needs_download:
        raise ValueError(
            f"{experiment.dataset.name}: the images must be on this machine, got a data set that has yet to be "
            "downloaded. Run `python -m core train` with it once, or choose another source."
        )
    material_of(experiment)  # what does not fit its data is told here, not by a failed run
    described = experiment.described()
    row = store().submit(described, experiment.run_id(), experiment.title())
    ensure_engine(store().root)
    return row.id


def wake_engine() -> None:
    """Have an engine start without waiting for it, so that its workers are warm by the time of the first click."""
    Thread(target=ensure_engine, args=(store().root,), daemon=True).start()


def theme() -> Literal["light", "dark"]:
    return "dark" if st.context.theme.type == "dark" else "light"
