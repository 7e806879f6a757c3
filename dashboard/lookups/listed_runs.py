"""The list of runs: what stands on a line of it, and which lines are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.records.main_numbers import EER, RECALL_AT_1
from core.records.snapshot_record import SnapshotRecord
from core.runs.listing import SHELVES, Asked, Line, lines, runs_asked_for, summaries_seen
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from core.runs.sweeps import Part, Summary, Sweep, parts, runs_of, sweeps
from dashboard.core_words import translated
from dashboard.entrance.rights import may_see, may_steer
from dashboard.entrance.visitors import now
from dashboard.figures import maps
from dashboard.lookups import runs
from dashboard.lookups.disk_use import size_in_words
from dashboard.lookups.runs import state_in_words
from dashboard.wording import say

AT_ONCE = 16  # lines that are read
AHEAD_MINUTES = 2  # by which a clock may be ahead of another before a moment is said to be still to come


class Group(StrEnum):
    """Which runs are listed. Those that are archived stand only among the archived, and so the deleted."""

    ALL = "all"
    OWN = "own"  # trained here, by who asks
    RUNNING = "running"
    FINISHED = "finished"
    BROUGHT = "brought"
    RECORDED = "recorded"
    ARCHIVED = "archived"
    DELETED = "deleted"


STORED = frozenset({Group.OWN, Group.RUNNING, Group.FINISHED, Group.BROUGHT, Group.ARCHIVED, Group.DELETED})


@dataclass(frozen=True)
class ListedRun:
    """A line: `row` is None for a lesson that comes with the code."""

    name: str
    title: str
    row: Row | None = None

    @property
    def note(self) -> str:
        """What a reader wrote of it, if anything."""
        return self.row.entry.note if self.row else ""

    @property
    def state(self) -> str:
        """As the store has it; a lesson is recorded."""
        return self.row.state if self.row else "recorded"

    def says(self, words: str) -> bool:
        """Whether each of the words stands in the title of a lesson, its name or its state, in any case."""
        said = " ".join([self.title, self.name, self.state]).casefold()
        return all(word in said for word in words.casefold().split())


@dataclass(frozen=True)
class ListedSweep:
    """A line for all runs of a comparison that stand where the list looks."""

    sweep: Sweep
    summary: Summary


def asked_in(group: Group, **also: Any) -> Asked:
    """What the store is asked for of a group, and of what else is chosen, by who asks: `also` may name their `sight`
    where that is known."""
    visitor = now()
    seen: dict[str, Any] = {} if "sight" in also else {"sight": runs.sight()}
    own = {"is_trained": True} | ({"owner": visitor.id} if visitor else {})
    asked: dict[Group, dict[str, Any]] = {
        Group.OWN: own,
        Group.BROUGHT: {"is_trained": False},
        Group.RUNNING: {"states": UNDER_WAY},
        Group.FINISHED: {"states": ("finished",)},
        Group.ARCHIVED: {"shelf": "archived"},
        Group.DELETED: {"shelf": "deleted"},
    }
    return Asked(**seen | also | asked.get(group, {}))


def groups() -> list[Group]:
    """Those in which there is something for who asks, and the one of all."""
    always = {Group.ALL, *([Group.RECORDED] if runs.lessons() else [])}
    sight = runs.sight()
    return [
        group for group in Group if group in always or (group in STORED and runs.is_there(asked_in(group, sight=sight)))
    ]


def any_run(row: Row) -> bool:
    """That a run may be whatever it is."""
    return True


def listed(group: Group, asked: Asked, may: Callable[[Row], bool] = any_run) -> Iterator[ListedRun | ListedSweep]:
    """The lines of a group, read from the store as far as somebody looks: sweeps, and runs that a line `may` be; then
    the lessons."""
    if group is not Group.RECORDED:
        found = lines(runs.store(), asked)
        while some := list(islice(found, AT_ONCE)):
            yield from _lines_of(some, asked, may)
    is_of_lessons = group in (Group.ALL, Group.RECORDED) and not (
        asked.states or asked.dataset or asked.owner or asked.tag or asked.is_starred
    )
    titles = runs.titles_of(runs.lessons()) if is_of_lessons else {}
    yield from (line for name, title in titles.items() if (line := ListedRun(name, title)).says(asked.words))


def members(sweep: Sweep, asked: Asked) -> list[Part]:
    """The runs of a sweep that are asked for and that who asks may see; all that stand there where its own title says
    the words."""
    there = runs_asked_for(runs.store(), asked, sweep.id)
    return [
        part
        for part in parts(runs.store(), sweep.id, SHELVES[asked.shelf])
        if part.row.id in there and may_see(part.row)
    ]


def _lines_of(some: list[Line], asked: Asked, may: Callable[[Row], bool]) -> Iterator[ListedRun | ListedSweep]:
    """In one look at the store for each kind of lines."""
    store, is_deleted = runs.store(), asked.shelf == "deleted"
    may_list = may_steer if is_deleted else may_see
    rows = {row.id: row for row in store.rows_of([line.id for line in some if not line.is_sweep])}
    there = [row for row in rows.values() if may_list(row) and (is_deleted or may(row))]
    titles = {row.id: row.title for row in there} if is_deleted else runs.titles_of_rows(there)
    ids = [line.id for line in some if line.is_sweep]
    seen, found = _seen(ids, may_list), summaries_seen(store, ids, asked.shelf, asked.sight)
    known = sweeps(store, ids)
    for line in some:
        if line.is_sweep and line.id in seen and line.id in found and line.id in known:
            yield ListedSweep(known[line.id], found[line.id])
        elif line.id in titles:
            yield ListedRun(line.id, titles[line.id], rows[line.id])


def _seen(ids: list[str], may: Callable[[Row], bool]) -> set[str]:
    """The sweeps of which who asks may see a run; who may see all runs of this machine sees them all."""
    if now() is None:
        return set(ids)
    by_sweep = runs_of(runs.store(), ids)
    return {sweep_id for sweep_id, names in by_sweep.items() if any(map(may, _one_by_one(names)))}


def _one_by_one(names: list[str]) -> Iterator[Row]:
    """The first one alone, which mostly tells."""
    for some in (names[:1], names[1:]):
        yield from runs.store().rows_of(some)


def in_words(line: ListedRun, now: datetime) -> str:
    """State, epoch, the main number and the time, as far as the run has them."""
    row, last = line.row, _last(line.name)
    if row is None:
        recorded = say("runs.state.recorded")
        return " · ".join(
            [recorded, *([maps.in_words(last.epoch), _main_number(last, is_trained=True)] if last else [])]
        )
    is_trained = row.kind.is_trained
    parts = [state_in_words(row)]
    if is_trained and row.epochs and row.state != "finished":
        parts.append(say("runs.list.epochs", epoch=row.epoch, epochs=row.epochs))
    elif is_trained and last:
        parts.append(maps.in_words(last.epoch))
    if last:
        parts.append(_main_number(last, is_trained=is_trained))
    if row.size > 0:
        parts.append(size_in_words(row.size))
    return " · ".join([*parts, when(row.ended_at or row.started_at or row.submitted_at, now)])


def when(moment: str, now: datetime) -> str:
    """A moment (UTC, ISO) as one says it at `now`, in the time zone of that: minutes, hours, or the day."""
    then = datetime.fromisoformat(moment)
    # Of two times in one zone Python takes the difference of what its clocks show.
    minutes = int((now.astimezone(then.tzinfo) - then).total_seconds() // 60)
    then = then.astimezone(now.tzinfo)
    if -AHEAD_MINUTES <= minutes < 1:
        return say("runs.when.now")
    if 0 < minutes < 60:
        return say("runs.when.minutes", minutes=minutes)
    days = (now.date() - then.date()).days
    if days in (0, 1):
        return say("runs.when.yesterday" if days else "runs.when.today", moment=then)
    return say("runs.when.day" if then.year == now.year else "runs.when.year", moment=then)


def readers_now() -> datetime:
    """The time where the reader is, as the browser tells it: in their zone, so that what was before the clocks were
    changed is said as clocks showed it then, or in hours from UTC where this machine does not know the zone."""
    with suppress(LookupError, TypeError, ValueError, OSError):
        return datetime.now(ZoneInfo(str(st.context.timezone)))
    minutes_behind = st.context.timezone_offset or 0  # as JavaScript counts it, so minus the hours before UTC
    return datetime.now(timezone(timedelta(minutes=-minutes_behind)))


def _main_number(last: SnapshotRecord, *, is_trained: bool) -> str:
    number = RECALL_AT_1 if is_trained else EER
    return f"{translated(number.title)} {number.shown(last)}"


def _last(name: str) -> SnapshotRecord | None:
    """The last snapshot, kept as long as the file with it does not change."""
    run = runs.find_run(name)
    try:
        changed = (run.folder / "snapshots.jsonl").stat().st_mtime_ns if run else 0
    except FileNotFoundError:
        changed = 0
    if not changed:
        return None
    kept = _kept_last(name)
    if not kept or kept[0][0] != changed:
        kept[:] = [(changed, _read_last(name))]
    return kept[0][1]


@st.cache_resource(max_entries=4000, show_spinner=False)
def _kept_last(name: str) -> list[tuple[int, SnapshotRecord | None]]:
    """None, or one with the moment at which its file changed: that of a live run changes every second."""
    return []


def _read_last(name: str) -> SnapshotRecord | None:
    try:
        snapshots = runs.run_of(name).snapshots()
    except ValueError:  # damaged, or of a newer version: its own page says it
        return None
    return snapshots[-1] if snapshots else None
