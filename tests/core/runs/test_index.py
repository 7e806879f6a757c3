"""The index as a file: made, asked, brought up to date, and made anew."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from core.runs import index
from core.runs.index import ANYTHING, MIGRATIONS, MOST_IDLE, Index, is_damage


def row(number: int, **changed: Any) -> dict[str, Any]:
    known = {"id": f"{number:032x}", "name": f"run {number}", "owner": "", "experiment": "{}", "submitted_at": "then"}
    return known | changed


@pytest.fixture
def made(tmp_path: Path) -> Index:
    found = Index(tmp_path / "index.sqlite")
    found.replace([row(2, queue_order=2), row(1, queue_order=1, state="running")])
    return found


def names(found: Index) -> list[str]:
    return [told["name"] for told in found.ask("SELECT name FROM runs ORDER BY number", {})]


def test_an_index_is_made_of_rows_in_their_order(made: Index) -> None:
    assert names(made) == ["run 2", "run 1"]
    told = made.ask("SELECT * FROM runs WHERE id = :id", {"id": row(1)["id"]})[0]
    assert (told["state"], told["wanted"], told["epoch"], told["seconds"]) == ("running", "run", 0, 0.0)
    assert [(one["id"], one["place"]) for one in made.ask("SELECT * FROM queue", {})] == [(row(2)["id"], 1)]


def test_what_is_asked_is_kept_when_it_changes_something(made: Index) -> None:
    made.ask("UPDATE runs SET name = :name WHERE name = 'run 1'", {"name": "other"})
    assert names(Index(made.path)) == ["run 2", "other"]


@pytest.mark.parametrize("statement", ["INSERT INTO runs (id) VALUES ('x')", "SELECT * FROM nothing"])
def test_a_statement_that_fails_leaves_the_index_alone_and_is_no_damage(statement: str, made: Index) -> None:
    with pytest.raises(sqlite3.DatabaseError) as raised:
        made.ask(statement, {})
    assert not is_damage(raised.value) and names(made) == ["run 2", "run 1"] and made.is_sound()


def test_an_index_that_is_not_there_is_not_sound_and_not_made_by_asking(tmp_path: Path) -> None:
    absent = Index(tmp_path / "index.sqlite")
    assert not absent.is_sound()
    with pytest.raises(sqlite3.OperationalError):
        absent.ask("SELECT 1", {})
    assert not absent.path.exists()


def test_a_sound_index_is_not_replaced(made: Index) -> None:
    made.replace([row(7)])
    assert names(made) == ["run 2", "run 1"]


@pytest.mark.parametrize("what", ["", "DROP TABLE runs", "DROP VIEW queue"], ids=["cut to nothing", "runs", "queue"])
def test_an_index_that_lacks_a_table_is_damaged(what: str, made: Index) -> None:
    if what:
        made.ask(what, {})
    else:
        made.path.write_bytes(b"")
    with pytest.raises(sqlite3.DatabaseError) as raised:
        made.ask(ANYTHING, {})
    assert is_damage(raised.value) and not made.is_sound()
    made.replace([row(3)])
    assert made.is_sound() and names(made) == ["run 3"]


def test_a_damaged_one_is_kept_aside_with_nothing_of_it_applied_to_the_new(made: Index) -> None:
    made.path.write_bytes(b"not a database" * 1000)
    leftovers = [Path(f"{made.path}{end}") for end in ("-wal", "-shm")]
    for leftover in leftovers:
        leftover.write_bytes(b"of the old one")
    with pytest.raises(sqlite3.DatabaseError) as raised:
        made.ask("SELECT * FROM runs", {})
    assert is_damage(raised.value) and not made.is_sound()
    made.replace([row(3)])
    assert made.is_sound() and names(made) == ["run 3"]
    assert made.path.with_suffix(".damaged").read_bytes() == b"not a database" * 1000
    assert not any(leftover.exists() and leftover.read_bytes() == b"of the old one" for leftover in leftovers)


@pytest.mark.parametrize(
    ("code", "damaged"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_CORRUPT_INDEX, True),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_FULL, False),
        (None, False),
    ],
)
def test_a_busy_or_full_index_is_not_damaged(code: int | None, damaged: bool) -> None:
    error = sqlite3.DatabaseError()
    if code is not None:
        error.sqlite_errorcode = code
    assert is_damage(error) == damaged


def test_a_locked_index_is_waited_for(made: Index) -> None:
    with closing(sqlite3.connect(made.path, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        let_go = Timer(0.3, other.rollback)
        began = time.monotonic()
        let_go.start()
        made.ask("UPDATE runs SET name = :name WHERE name = 'run 1'", {"name": "other"})
        assert time.monotonic() - began > 0.2 and names(made) == ["run 2", "other"]
        let_go.join()


def test_an_index_that_stays_locked_is_read_and_is_no_damage(made: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(made.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert names(made) == ["run 2", "run 1"]
        with pytest.raises(sqlite3.OperationalError, match="locked") as raised:
            made.ask("UPDATE runs SET name = 'other'", {})
        assert not is_damage(raised.value) and made.is_sound()


def version(path: Path, value: int | None = None) -> int:
    with closing(sqlite3.connect(path)) as connection:
        if value is not None:
            connection.execute(f"PRAGMA user_version = {value}")
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_older_index_is_brought_up_to_date_once(made: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    assert version(made.path) == len(MIGRATIONS)
    monkeypatch.setattr(
        index, "MIGRATIONS", (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN further TEXT NOT NULL DEFAULT 'x';")
    )
    for _ in range(2):
        made.migrate()
        told: list[Mapping[str, Any]] = [dict(one) for one in made.ask("SELECT further FROM runs", {})]
        assert told == [{"further": "x"}] * 2 and version(made.path) == len(MIGRATIONS) + 1


def test_a_copy_is_kept_of_what_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        connection.execute(
            "INSERT INTO runs (id, name, owner, experiment, submitted_at) VALUES ('x', 'n', '', '{}', '')"
        )
        connection.commit()
    Index(path).migrate()
    copy = tmp_path / "index.version-1"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT id, name FROM runs").fetchall() == [("x", "n")]
    assert (version(copy), version(path)) == (1, len(MIGRATIONS))
    copy.unlink()
    Index(path).migrate()
    assert not copy.exists()


def test_a_newer_index_is_refused(made: Index) -> None:
    version(made.path, 99)
    with pytest.raises(ValueError, match=f"the store must be of version {len(MIGRATIONS)} or older, got 99. Update"):
        made.migrate()


def test_a_connection_is_taken_again_but_not_for_another_file(made: Index, tmp_path: Path) -> None:
    other = Index(tmp_path / "other.sqlite")
    other.replace([row(3)])
    assert names(made) == ["run 2", "run 1"]
    ((_, connection),) = made._idle
    assert names(made) == ["run 2", "run 1"] and made._idle[0][1] is connection
    os.replace(other.path, made.path)
    assert names(made) == ["run 3"]
    made.path.unlink()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        names(made)
    assert not made._idle, "none is kept for a file that is gone"


def test_threads_that_ask_at_once_leave_few_connections(made: Index) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: len(names(made)), range(400)))
    assert set(found) == {2} and 1 <= len(made._idle) <= MOST_IDLE
