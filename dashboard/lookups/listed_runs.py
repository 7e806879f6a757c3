"""The list of runs: what stands on a line of it, and which lines are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

import streamlit as st

from core.records.main_numbers import EER, RECALL_AT_1
from core.records.snapshot_record import SnapshotRecord
from core.runs.states import UNDER_WAY
from core.runs.store import Row
from dashboard.entrance.rights import owns
from dashboard.entrance.visitors import now
from dashboard.figures import maps
from dashboard.lookups import runs
from dashboard.lookups.runs import state_in_words
from dashboard.wording import say

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

    def is_in(self, group: Group) -> bool:
        """Whether the line is asked for with this group."""
        row = self.row
        if row is None:
            return group in (Group.ALL, Group.RECORDED)
        if row.entry.deleted_at or row.entry.archived_at:
            return group is (Group.DELETED if row.entry.deleted_at else Group.ARCHIVED)
        return {
            Group.ALL: True,
            Group.OWN: row.kind.is_trained and owns(row, now()),
            Group.BROUGHT: not row.kind.is_trained,
            Group.RUNNING: row.state in UNDER_WAY,
            Group.FINISHED: row.state == "finished",
        }.get(group, False)

    def says(self, words: str) -> bool:
        """Whether each of the words stands in its title, note, state or settings, in any case."""
        row = self.row
        settings = " ".join(_values(row.experiment)) if row else ""
        said = " ".join([self.title, row.name if row else "", self.name, self.note, self.state, settings]).casefold()
        return all(word in said for word in words.casefold().split())


def listed() -> list[ListedRun]:
    """All lines: runs, the last submitted first, then the lessons, then what is deleted and can be restored."""
    rows, titles = runs.rows(), runs.titles()
    lines = [ListedRun(row.id, titles[row.id], row) for row in rows]
    lines += [ListedRun(name, titles[name]) for name in runs.lessons()]
    return lines + [ListedRun(row.id, row.title, row) for row in runs.deleted_rows()]


def asked_for(lines: Sequence[ListedRun], group: Group, words: str) -> list[ListedRun]:
    """The lines of a group that say the words."""
    return [line for line in lines if line.is_in(group) and line.says(words)]


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
    return f"{number.title} {number.shown(last)}"


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


def _values(described: object) -> list[str]:
    if isinstance(described, dict):
        return [word for value in described.values() for word in _values(value)]
    return [str(described)]
