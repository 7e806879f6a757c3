"""The store, the runs in it and the recorded lessons, and what a run says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import streamlit as st

from core.distances.base import Distance
from core.records.kinds import Kind
from core.records.run_record import DataRecord, RunRecord
from core.runs.listing import Asked, Sight, lines, runs_at_all
from core.runs.run_folder import Run
from core.runs.run_row import RUN_ID
from core.runs.store import Row, Store
from core.system.locations import ASSETS, store_root
from core.verification.leaving_out import rows_before
from dashboard.components.gestures import Sprite
from dashboard.core_words import strategy_named
from dashboard.entrance import rights
from dashboard.entrance.rights import may_see, may_steer
from dashboard.worded import worded
from dashboard.wording import say

RECORDED = ASSETS / "recorded"
READ_AT_ONCE = 20
LESSON = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


@st.cache_resource
def store() -> Store:
    """The store of this installation."""
    return Store(store_root())


def lessons() -> list[str]:
    """Names of the recorded runs that come with the code."""
    return sorted(folder.name for folder in RECORDED.glob("*") if (folder / "run.json").exists())


def lessons_side_by_side() -> list[str]:
    """Those of them that are of the same data as the first, and so can be compared."""
    datasets = {name: run_of(name).experiment().dataset for name in lessons()}
    return [name for name, dataset in datasets.items() if dataset == next(iter(datasets.values()))]


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


def sight() -> Sight | None:
    """What is there for who asks; None where that is everything."""
    return rights.sight(store())


def rows_asked_for(asked: Asked) -> Iterator[Row]:
    """Those that who asks may see, one by one in their order, read from the store as far as somebody looks."""
    found = lines(store(), replace(asked, is_grouped=False, sight=sight()))
    return (row for row in _read(line.id for line in found) if may_see(row))


def is_there(asked: Asked) -> bool:
    """Whether there is one of what is asked for in the sight of somebody; `may_see` has the last word, or `may_steer`
    of what is deleted."""
    may = may_steer if asked.shelf == "deleted" else may_see
    return any(may(row) for row in _read(runs_at_all(store(), asked)))


def _read(ids: Iterator[str]) -> Iterator[Row]:
    while some := list(islice(ids, READ_AT_ONCE)):
        yield from store().rows_of(some)


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


class Choosable(Mapping[str, str]):
    """Names of the runs that have something to show, with their titles: newest first, then the recorded lessons, then
    what is archived. Each is looked up when it is asked for, so that one costs the same however many there are."""

    def __init__(self, *, only_trained: bool) -> None:
        self._only_trained = only_trained

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return titles_of([name])[name]

    def __contains__(self, name: object) -> bool:
        row = row_of(str(name))
        if row is None:
            return name in lessons()
        return not row.entry.deleted_at and self.has(row)

    def __iter__(self) -> Iterator[str]:
        begun = {"is_trained": True if self._only_trained else None, "has_begun": True}
        yield from (row.id for row in rows_asked_for(Asked(**begun)) if self.has(row))
        yield from lessons()
        yield from (row.id for row in rows_asked_for(Asked(shelf="archived", **begun)) if self.has(row))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def has(self, row: Row) -> bool:
        """Whether a run that is not deleted can be chosen. What a reader brought or took samples out of was not
        trained."""
        if row.kind is Kind.NEWER or not (row.kind.is_trained or not self._only_trained):
            return False
        return _has_snapshots(row.id)


def choosable(*, only_trained: bool = True) -> Choosable:
    """The runs that a page can show."""
    return Choosable(only_trained=only_trained)


def titles_of(names: Iterable[str]) -> dict[str, str]:
    """Titles of runs that are not deleted, and of lessons, by their names; without those that are neither.

    Runs of one title differ in settings that the title leaves out: each then shows the start of its id. What was made
    by earlier mathematics says so.
    """
    asked = list(names)
    there = [row for row in store().rows_of([name for name in asked if RUN_ID.fullmatch(name)]) if may_see(row)]
    return titles_of_rows([row for row in there if not row.entry.deleted_at]) | {
        name: _with_age(name, say("runs.title.lesson", name=" · ".join(parts_of_lesson(name))))
        for name in lessons()
        if name in asked
    }


def parts_of_lesson(name: str) -> list[str]:
    """Of what data it is, and what it is trained by, in the reader's language."""
    return list(map(strategy_named, name.split("-", 1)))


def titles_of_rows(there: Sequence[Row]) -> dict[str, str]:
    """The same of rows that are not deleted."""
    shared = store().sharing_titles({row.title for row in there})
    return {
        row.id: _with_age(
            row.id, say("runs.title.same", title=row.title, id=row.id[:6]) if row.title in shared else row.title
        )
        for row in there
    }


def _with_age(name: str, title: str) -> str:
    is_begun = not RUN_ID.fullmatch(name) or _has_snapshots(name)
    return say("runs.title.earlier_mathematics", title=title) if is_begun and earlier_mathematics(name) else title


def _has_snapshots(run_id: str) -> bool:
    """The file is there and empty in a run that was taken back before it had one."""
    try:
        return (store().folder(run_id) / "snapshots.jsonl").stat().st_size > 0
    except FileNotFoundError:
        return False


def differing_titles(names: Sequence[str]) -> list[str]:
    """What tells the titles of these runs apart, in the reader's language; the whole titles where nothing would be left
    of one."""
    known = titles_of(names)
    parts = [known.get(name, name).split(" · ") for name in names]
    common = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    left = [[part for part in title if part not in common] for title in parts]
    is_enough = all(left) and len(set(map(tuple, left))) == len(left)
    told = [_told(name, title) for name, title in zip(names, left if is_enough else parts, strict=True)]
    return [" · ".join(title) for title in told]


def title_in_words(row: Row) -> str:
    """Its title in the reader's language."""
    return " · ".join(_told(row.id, row.title.split(" · ")))


def _told(name: str, parts: list[str]) -> list[str]:
    """Parts of the title of a run in the reader's language; what a reader called it stays."""
    row = row_of(name)
    is_own = row is not None and (bool(row.entry.title) or not row.kind.is_trained)
    return parts if is_own else list(map(strategy_named, parts))


@st.cache_data(max_entries=64, show_spinner=False)
def labels(name: str) -> np.ndarray:
    """(N,) labels of the probe set, in the order of the embeddings."""
    return run_of(name).probe()["labels"]


@st.cache_data(max_entries=64, show_spinner=False)
def row_numbers(name: str) -> np.ndarray:
    """(N,) what each row is called: its number before samples were left out."""
    gone = record(name).without
    return rows_before(len(labels(name)), () if gone is None else gone.rows)


@worded(st.cache_data(max_entries=64, show_spinner=False))
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
