"""The lines of the list of runs, and how a moment is said."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from core.records.kinds import Kind
from core.runs.entry import Entry
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from dashboard.lookups import listed_runs, runs
from dashboard.lookups.listed_runs import Group, ListedRun, asked_for, in_words, listed, readers_now, when
from tests.dashboard.made_runs import EXPERIMENT, made_run

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def line(state: str = "finished", entry: Entry = Entry(), **described: object) -> ListedRun:  # noqa: B008 frozen
    row = Row("0" * 32, "digits · triplet", "", dict(described), "2026-03-01T00:00:00+00:00", state, entry=entry)
    return ListedRun(row.id, row.title, row)


def groups(one: ListedRun) -> set[Group]:
    return {group for group in Group if one.is_in(group)}


def test_a_line_stands_in_the_groups_that_it_belongs_to() -> None:
    assert groups(ListedRun("digits-softmax", "softmax")) == {Group.ALL, Group.RECORDED}
    assert groups(line()) == {Group.ALL, Group.OWN, Group.FINISHED}
    for state in ("queued", "running", "pausing", "stopping", "interrupted"):
        assert groups(line(state)) == {Group.ALL, Group.OWN, Group.RUNNING}
    assert groups(line("failed")) == {Group.ALL, Group.OWN}
    assert groups(line(kind=Kind.SCORES.value)) == {Group.ALL, Group.BROUGHT, Group.FINISHED}


def test_what_is_put_away_stands_there_alone() -> None:
    assert groups(line(entry=Entry(archived_at="then"))) == {Group.ARCHIVED}
    assert groups(line(entry=Entry(archived_at="then", deleted_at="then"))) == {Group.DELETED}


@pytest.mark.parametrize("words", ["", "DIGITS", "triplet digits", "hinge", "slow", "finished", "000000", "mine"])
def test_a_line_is_found_by_title_settings_note_state_and_id(words: str) -> None:
    one = line(entry=Entry("Mine", "too slow"), loss={"kind": "hinge", "margin": 0.25})
    assert one.says(words) and asked_for([one], Group.ALL, words) == [one]
    assert not one.says(f"{words} softmax")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-03-02T08:30:00+00:00", "just now"),
        ("2026-03-02T08:31:00+00:00", "just now"),  # a clock that is ahead
        ("2026-03-02T08:31:59+00:00", "just now"),
        ("2026-03-02T10:30:00+00:00", "today 11:30"),  # one that was set back since
        ("2026-03-03T08:30:00+00:00", "3 Mar"),
        ("2026-03-02T07:31:00.123+00:00", "58 min ago"),
        ("2026-03-01T23:05:00+00:00", "today 00:05"),
        ("2026-03-01T22:59:00+00:00", "yesterday 23:59"),
        ("2026-02-28T12:00:00+00:00", "28 Feb"),
        ("2025-12-31T22:59:00+00:00", "31 Dec 2025"),
    ],
)
def test_a_moment_is_said_in_the_time_of_the_reader(moment: str, said: str) -> None:
    assert when(moment, NOW) == said


@pytest.mark.parametrize(
    ("moment", "now", "said"),
    [
        ("2026-03-29T00:30:00+00:00", "2026-03-29T07:30:00+00:00", "today 01:30"),  # in winter time still
        ("2026-03-29T00:45:00+00:00", "2026-03-29T01:15:00+00:00", "30 min ago"),  # from 1:45 to 3:15
        ("2026-10-25T00:45:00+00:00", "2026-10-25T01:15:00+00:00", "30 min ago"),  # from 2:45 to 2:15
        ("2026-10-24T21:30:00+00:00", "2026-10-25T08:00:00+00:00", "yesterday 23:30"),
    ],
)
def test_the_night_in_which_clocks_are_changed(moment: str, now: str, said: str) -> None:
    assert when(moment, datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Berlin"))) == said


@pytest.mark.parametrize("zone", [None, "", "Atlantis/Poseidonis", "../../etc/passwd", "America"])
def test_where_the_zone_is_not_known_hours_from_utc_are(zone: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed_runs.st, "context", SimpleNamespace(timezone=zone, timezone_offset=-120))
    assert readers_now().utcoffset() == timedelta(hours=2)
    monkeypatch.setattr(listed_runs.st, "context", SimpleNamespace(timezone="Asia/Tokyo", timezone_offset=0))
    assert readers_now().utcoffset() == timedelta(hours=9)


@pytest.mark.usefixtures("own_store")
def test_a_line_says_state_epoch_number_and_time(run: Run) -> None:
    shown = {one.name: in_words(one, NOW) for one in listed()}
    last = run.snapshots()[-1]
    assert shown[run.folder.name].startswith(f"finished · epoch 2 · Recall@1 {last.recall_at_1:.3f} · ")
    assert shown["digits-softmax"].startswith("recorded · epoch 20 · Recall@1 0.9")


def test_of_a_run_that_goes_on_the_last_snapshot_alone_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    run = SimpleNamespace(folder=tmp_path, snapshots=lambda: read.append(len(read)) or list(read))
    monkeypatch.setattr(runs, "find_run", lambda name: run)
    monkeypatch.setattr(runs, "run_of", lambda name: run)
    file = tmp_path / "snapshots.jsonl"
    file.touch()
    for changed in (1, 2):
        os.utime(file, ns=(changed, changed))
        assert [listed_runs._last("live"), listed_runs._last("live")] == [changed - 1] * 2, "read once"
    assert listed_runs._kept_last("live") == [(2, 1)]


def test_runs_come_newest_first_then_lessons_then_what_is_deleted(empty_store: Store) -> None:
    kept = made_run(empty_store.root).folder.name
    for number, name in enumerate(("first", "same", "same")):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", name)
    empty_store.delete(f"{0:032x}")
    lines = listed()
    assert [one.name for one in lines] == [f"{2:032x}", f"{1:032x}", kept, *runs.lessons(), f"{0:032x}"]
    assert [one.title for one in lines[:2]] == ["same · 000000"] * 2
    assert in_words(lines[0], NOW).startswith("queued · ")
