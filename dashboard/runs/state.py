"""What a page is about: the store, the chosen run in the URL, the theme."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import streamlit as st

from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Row, Store, default_root
from core.system.locations import ASSETS
from dashboard.settings import RUN, RUNS

RECORDED = ASSETS / "recorded"
LESSON = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@st.cache_resource
def store() -> Store:
    """The store of this installation."""
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
    """The sprite with the images of the probe set, if the run is kept."""
    run = find_run(name)
    return run.folder / "probe.png" if run else None


def row_of(name: str) -> Row | None:
    """What the store knows of a run; None for recorded lessons and for unknown names."""
    try:
        return store().row(name)
    except ValueError:
        return None


@st.cache_data(max_entries=4000, show_spinner=False)
def earlier_mathematics(name: str) -> str:
    """What a run lacks that would be made otherwise today; empty for one that would not or that does not open."""
    run = find_run(name)
    try:
        return run.earlier_mathematics() if run else ""
    except ValueError:  # its own page says it
        return ""


def choosable(*, only_trained: bool = True) -> dict[str, str]:
    """Names of the runs that have something to show, newest first, then the recorded lessons; with their titles. What
    a reader brought or took samples out of was not trained.

    Runs of one title differ in settings that the title leaves out: each then shows the start of its id. What was made
    by earlier mathematics says so.
    """
    rows = [row for row in store().rows() if (store().folder(row.id) / "snapshots.jsonl").exists()]
    rows = [row for row in rows if row.kind is not Kind.NEWER and (row.kind.is_trained or not only_trained)]
    shared = Counter(row.name for row in rows)
    shown = {row.id: row.name if shared[row.name] == 1 else f"{row.name} · {row.id[:6]}" for row in rows}
    shown |= {name: f"{name.replace('-', ' · ', 1)} · recorded" for name in lessons()}
    return {
        name: f"{title} · earlier mathematics" if earlier_mathematics(name) else title for name, title in shown.items()
    }


def differing_titles(names: Sequence[str]) -> list[str]:
    """What tells the titles of these runs apart; the whole titles where nothing would be left of one."""
    titles = choosable()
    parts = [titles.get(name, name).split(" · ") for name in names]
    common = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    left = [" · ".join(part for part in title if part not in common) for title in parts]
    return left if all(left) and len(set(left)) == len(left) else [" · ".join(title) for title in parts]


def choose_run(label: str = "Run", *, only_trained: bool = True) -> str:
    """The run that the page shows, chosen in a menu and kept in the URL as `run`."""
    titles = choosable(only_trained=only_trained)
    if not titles:
        st.info("No run has been kept yet. Start one on the Train page, or make the lessons: `python -m core record`.")
        st.stop()
    return st.selectbox(
        label,
        list(titles),
        format_func=lambda name: titles.get(name, name),
        label_visibility="collapsed",
        **RUN.widget(RUN.among(list(titles))),
    )


def choose_runs(label: str, most: int) -> list[str]:
    """Several runs, chosen in a menu and kept in the URL as `runs`; at first the recorded lessons."""
    titles = choosable()
    known = [name for name in RUNS.value(lessons()) if name in titles]
    return st.multiselect(
        label,
        list(titles),
        format_func=lambda name: titles.get(name, name),
        max_selections=most,
        placeholder="Choose two to four runs",
        label_visibility="collapsed",
        **RUNS.widget(known[:most]),
    )


def theme() -> Literal["light", "dark"]:
    """What the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"
