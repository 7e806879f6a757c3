"""The lines of the list of runs, and how a moment is said."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.lookups import listed_runs, runs
from dashboard.lookups.listed_runs import (
    Group,
    ListedRun,
    ListedSweep,
    asked_in,
    groups,
    in_words,
    listed,
    members,
    readers_now,
    when,
)
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.swept import swept

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1)))


def names(group: Group, **also: object) -> list[str]:
    """What the lines of a group are called."""
    asked = asked_in(group, **also)
    return [line.title if isinstance(line, ListedRun) else f"sweep {line.sweep.title}" for line in listed(group, asked)]


@pytest.fixture
def kept(empty_store: Store) -> Store:
    """Runs of every state, brought ones, what is put away, and a sweep of four."""
    for number, state in enumerate(("queued", "running", "failed", "finished"), start=1):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", state)
        if state != "queued":
            empty_store.set_state(f"{number:032x}", "running")
            if state != "running":
                empty_store.set_state(f"{number:032x}", state)
    empty_store.submit({"kind": Kind.SCORES.value}, f"{5:032x}", "scored.csv")
    for number, name in ((6, "archived"), (7, "deleted")):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", name)
    empty_store.archive(f"{6:032x}")
    empty_store.delete(f"{7:032x}")
    swept(empty_store, finished=1)
    return empty_store


def test_a_line_stands_in_the_groups_that_it_belongs_to(kept: Store) -> None:
    digits = [f"digits · {name} · recorded" for name in ("batch-hard", "semi-hard", "softmax")]
    lessons = [*digits, "fashion · batch-hard · recorded"]
    alone = ["scored.csv", "finished", "failed", "running", "queued"]
    assert names(Group.ALL) == ["sweep miners", *alone, *lessons]
    assert names(Group.OWN) == ["sweep miners", *alone[1:]]
    assert names(Group.RUNNING) == ["sweep miners", "scored.csv", "running", "queued"]
    assert names(Group.FINISHED) == ["sweep miners", "finished"]
    assert (names(Group.BROUGHT), names(Group.RECORDED)) == (["scored.csv"], lessons)
    assert (names(Group.ARCHIVED), names(Group.DELETED)) == (["archived"], ["deleted"])
    assert set(groups()) == set(Group)


def test_groups_of_nothing_are_not_offered(empty_store: Store) -> None:
    assert groups() == [Group.ALL, Group.RECORDED]


@pytest.mark.parametrize("words", ["FAILED", "digits failed", "circle", "slow", "00000003", "mine ö"])
def test_a_line_is_found_by_title_settings_note_state_and_id(kept: Store, words: str) -> None:
    kept.ask("UPDATE runs SET settings = 'circle 0.25 digits' WHERE id = :id", {"id": f"{3:032x}"})
    kept.describe(f"{3:032x}", title="Mine Ö", note="too slow")
    assert names(Group.ALL, words=words) == ["Mine Ö"]
    assert names(Group.ALL, words=f"{words} nowhere") == []


def test_lessons_are_found_by_their_titles(kept: Store) -> None:
    assert names(Group.ALL, words="RECORDED soft") == ["digits · softmax · recorded"]


def test_a_sweep_is_found_by_its_title_and_by_its_runs(kept: Store) -> None:
    assert names(Group.ALL, words="miners") == ["sweep miners"] == names(Group.ALL, words="random · seed 1")
    (line,) = listed(Group.ALL, asked_in(Group.ALL, words="random"))
    assert isinstance(line, ListedSweep) and line.summary.count == 4
    found = members(line.sweep, asked_in(Group.ALL, words="random"))
    assert [(part.strategy, part.seed) for part in found] == [("random", 0), ("random", 1)]


def test_each_run_of_a_sweep_is_a_line_where_that_is_asked_for(kept: Store) -> None:
    assert names(Group.FINISHED, is_grouped=False) == ["semi-hard · seed 0", "finished"]


def test_what_else_is_chosen_leaves_the_lessons_out(kept: Store) -> None:
    kept.star(f"{3:032x}")
    kept.tag(f"{4:032x}", ["for the paper"])
    assert names(Group.ALL, is_starred=True) == ["failed"] and names(Group.ALL, tag="for the paper") == ["finished"]
    assert names(Group.ALL, states=("failed",)) == ["failed"]
    assert names(Group.ALL, dataset="digits", states=("finished",)) == ["sweep miners", "finished"]


def test_only_runs_that_may_be_are_lines(kept: Store) -> None:
    found = listed(Group.OWN, asked_in(Group.OWN), lambda row: row.state == "failed")
    assert [line.title for line in found if isinstance(line, ListedRun)] == ["failed"]


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
    found = listed(Group.ALL, asked_in(Group.ALL))
    shown = {one.name: in_words(one, NOW) for one in found if isinstance(one, ListedRun)}
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


def test_runs_come_newest_first_then_lessons(empty_store: Store) -> None:
    kept = made_run(empty_store.root).folder.name
    for number, name in enumerate(("first", "same", "same")):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", name)
    empty_store.delete(f"{0:032x}")
    lines = [line for line in listed(Group.ALL, asked_in(Group.ALL)) if isinstance(line, ListedRun)]
    assert [one.name for one in lines] == [f"{2:032x}", f"{1:032x}", kept, *runs.lessons()]
    assert [one.title for one in lines[:2]] == ["same · 000000"] * 2
    assert in_words(lines[0], NOW).startswith("queued · ")


def test_a_run_at_rest_says_its_size(empty_store: Store) -> None:
    empty_store.submit(EXPERIMENT.described(), f"{1:032x}", "one")
    (empty_store.folder(f"{1:032x}") / "embeddings.npz").write_bytes(bytes(1) * 2_500_000)
    for state in ("running", "finished"):
        empty_store.set_state(f"{1:032x}", state)
    (line, *_) = listed(Group.ALL, asked_in(Group.ALL))
    assert isinstance(line, ListedRun) and " · 2.5 MB · " in in_words(line, NOW)


def test_what_is_others_own_is_not_read(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that read it all to find that nothing is there for who asks took seconds at 10,000 runs of others."""
    for number, (owner, kind) in enumerate((*[("ben", Kind.SCORES)] * 40, ("ada", Kind.SCORES))):
        empty_store.submit({"kind": kind.value}, f"{number:032x}", f"of {owner}")
        empty_store.join(f"{number:032x}", owner, owner)
    read: list[str] = []
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: Visitor("ada", "Ada"))
    rows_of = runs.store().rows_of
    monkeypatch.setattr(runs.store(), "rows_of", lambda ids: read.extend(ids) or rows_of(ids))
    assert names(Group.BROUGHT) == ["of ada"] and groups() == [Group.ALL, Group.RUNNING, Group.BROUGHT, Group.RECORDED]
    assert [row.id for row in runs.rows_asked_for(asked_in(Group.ALL))] == [f"{40:032x}"] == list(set(read))
