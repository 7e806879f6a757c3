"""The store, the runs in it and the recorded lessons, and what a run says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from core.distances.base import Distance
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord
from core.runs.run_folder import Run
from core.runs.run_row import RUN_ID
from core.runs.store import Row, Store
from core.system.locations import ASSETS, store_root
from core.verification.leaving_out import rows_before
from dashboard.components.gestures import Sprite
from dashboard.entrance.rights import may_see, may_steer
from dashboard.wording import say

RECORDED = ASSETS / "recorded"
LESSON = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@st.cache_resource
def store() -> Store:
    """The store of this installation."""
    return Store(store_root())


def lessons() -> list[str]:
    """Names of the recorded runs that come with the code."""
    return sorted(folder.name for folder in RECORDED.glob("*") if (folder / "run.json").exists())


def folder_of(name: str) -> Path:
    """Where a run of such a name would lie, a recorded lesson or one of the store, whether or not there is one."""
    return (store_root() / "runs" if RUN_ID.fullmatch(name) else RECORDED) / name


def find_run(name: str) -> Run | None:
    """The run of an id or of a recorded lesson's name; None where there is none for who asks, whatever it says."""
    run = _kept_run(name)
    return None if run is None or (RUN_ID.fullmatch(name) and row_of(name) is None) else run


def _kept_run(name: str) -> Run | None:
    if not LESSON.fullmatch(name):
        return None
    for folder in (RECORDED / name, store_root() / "runs" / name):
        if (folder / "run.json").exists():
            return Run(folder)
    return None


def run_of(name: str) -> Run:
    """The run folder; ValueError where it is gone."""
    run = find_run(name)
    if run is None:
        raise ValueError(f"the run must be one that is kept here, got {name!r}. Choose one from the menu.")
    return run


def find_probe(name: str) -> Path | None:
    """The sprite with the images of the probe set, if the run is kept; none that a link leads to elsewhere."""
    run = find_run(name)
    path = run.folder / "probe.png" if run else None
    homes = (RECORDED.resolve(), (store_root() / "runs").resolve())
    return path if path and any(path.resolve().is_relative_to(home) for home in homes) else None


def row_of(name: str) -> Row | None:
    """What the store knows of a run; None for recorded lessons, unknown names, and what is somebody else's own."""
    if not RUN_ID.fullmatch(name):
        return None
    try:
        row = store().row(name)
    except ValueError:
        return None
    return row if may_see(row) else None


def rows() -> list[Row]:
    """All runs that are not deleted and that who asks may see, the last submitted first."""
    return [row for row in store().rows() if may_see(row)]


def deleted_rows() -> list[Row]:
    """The runs that who asks may restore, the last deleted first."""
    return [row for row in store().deleted_rows() if may_steer(row)]


@st.cache_data(max_entries=4000, show_spinner=False)
def earlier_mathematics(name: str) -> str:
    """How a run's results differ from those it would have today; empty where they do not, or where it does not open."""
    run = _kept_run(name)
    try:
        return run.earlier_mathematics() if run else ""
    except ValueError:  # its own page says it
        return ""


def state_in_words(row: Row) -> str:
    """Where a run stands; what was brought is measured where a training is finished."""
    is_measured = row.state == "finished" and not row.kind.is_trained
    return say("runs.state.measured" if is_measured else f"runs.state.{row.state}")


def choosable(*, only_trained: bool = True) -> dict[str, str]:
    """Names of the runs that have something to show, with their titles: newest first, then the recorded lessons, then
    what is archived. What a reader brought or took samples out of was not trained."""
    begun = [row for row in rows() if _has_snapshots(row.id)]
    begun = [row for row in begun if row.kind is not Kind.NEWER and (row.kind.is_trained or not only_trained)]
    kept, archived = ([row.id for row in begun if bool(row.entry.archived_at) is there] for there in (False, True))
    shown = titles()
    return {name: shown[name] for name in (*kept, *lessons(), *archived)}


def titles() -> dict[str, str]:
    """Titles of all runs that are not deleted, and of the lessons, by their names.

    Runs of one title differ in settings that the title leaves out: each then shows the start of its id. What was made
    by earlier mathematics says so.
    """
    seen = rows()
    shared = Counter(row.title for row in seen)
    shown = {
        row.id: row.title if shared[row.title] == 1 else say("runs.title.same", title=row.title, id=row.id[:6])
        for row in seen
    }
    recorded = {name: say("runs.title.lesson", name=name.replace("-", " · ", 1)) for name in lessons()}
    return {
        name: say("runs.title.earlier_mathematics", title=title)
        if (name in recorded or _has_snapshots(name)) and earlier_mathematics(name)
        else title
        for name, title in (shown | recorded).items()
    }


def _has_snapshots(run_id: str) -> bool:
    """The file is there and empty in a run that was taken back before it had one."""
    try:
        return (store().folder(run_id) / "snapshots.jsonl").stat().st_size > 0
    except FileNotFoundError:
        return False


def differing_titles(names: Sequence[str]) -> list[str]:
    """What tells the titles of these runs apart; the whole titles where nothing would be left of one."""
    known = titles()
    parts = [known.get(name, name).split(" · ") for name in names]
    common = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    left = [" · ".join(part for part in title if part not in common) for title in parts]
    return left if all(left) and len(set(left)) == len(left) else [" · ".join(title) for title in parts]


@st.cache_data(max_entries=64, show_spinner=False)
def labels(name: str) -> np.ndarray:
    """(N,) labels of the probe set, in the order of the embeddings."""
    return run_of(name).probe()["labels"]


@st.cache_data(max_entries=64, show_spinner=False)
def row_numbers(name: str) -> np.ndarray:
    """(N,) what each row is called: its number before samples were left out."""
    gone = record(name).without
    return rows_before(len(labels(name)), () if gone is None else gone.rows)


@st.cache_data(max_entries=64, show_spinner=False)
def point_names(name: str) -> list[str]:
    """(N,) what each point of the probe set is called: as its file says, or by its row."""
    told = run_of(name).probe().get("names")
    return [say("runs.title.row", row=row) for row in row_numbers(name).tolist()] if told is None else told.tolist()


@st.cache_data(max_entries=64, show_spinner=False)
def has_point_names(name: str) -> bool:
    """Whether its file says what its points are called."""
    return "names" in run_of(name).probe()


@st.cache_data(max_entries=64, show_spinner=False)
def record(name: str) -> RunRecord:
    """run.json of a run that has begun: it does not change any more."""
    return run_of(name).record()


def data(name: str) -> DataRecord:
    """What a run that has begun says of its data."""
    return record(name).known_data


def is_of_pairs(name: str) -> bool:
    """Whether a run has nothing but pairs, be they scored, listed or those that count among roles."""
    return record(name).kind.is_of_pairs


def distance_of(name: str) -> Distance:
    """What a run compares by, in training and in its statistics."""
    return run_of(name).experiment().distance


def texts(name: str) -> list[str]:
    """(N,) what a figure says of each point of the probe set: its class, and what it is called where no image shows
    it."""
    classes = class_names(name)
    of_points = [classes[label] for label in labels(name)]
    if record(name).probe is not None or not has_point_names(name):
        return of_points
    named = zip(of_points, point_names(name), strict=True)
    return [say("runs.title.point", label=of_class, point=point) for of_class, point in named]


def class_names(name: str) -> list[str]:
    """The names of a run's classes, in order of their labels."""
    return list(data(name).class_names)


def sprite(name: str) -> Sprite | None:
    """Where the browser finds the probe set's images; None where it has none."""
    probe = record(name).probe
    if probe is None:
        return None
    return Sprite(f"/runs/{name}/probe.png", probe.tile_width, probe.tile_height, probe.columns)
