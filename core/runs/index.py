"""The SQLite index of the runs: its tables, and how it is opened, brought up to date and made anew.

What: every call takes a connection that nobody uses, or opens one, and runs one statement. Why: any thread of the web
process may call, many a second, and an opening costs as much as twenty answers. A connection is taken again only while
the file is the one that it has read last, so that none outlives an index that was replaced or damaged. Refused: a
shared connection, which would need a lock of its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from weakref import finalize

from filelock import FileLock

from core.runs.derived import derived_of

# The fair order: owners with the fewest runs at work first, then those with the fewest of the last 20 starts, then
# the oldest wish. `turn` counts the runs that the same owner has waiting before this one, as if they had started.
# Members of a comparison are numbered behind all others (core/runs/store.py).
MIGRATIONS = (
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        owner TEXT NOT NULL,
        experiment TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        wanted TEXT NOT NULL DEFAULT 'run',
        message TEXT NOT NULL DEFAULT '',
        submitted_at TEXT NOT NULL,
        started_at TEXT NOT NULL DEFAULT '',
        ended_at TEXT NOT NULL DEFAULT '',
        epoch INTEGER NOT NULL DEFAULT 0,
        epochs INTEGER NOT NULL DEFAULT 0,
        step INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        seconds_left REAL NOT NULL DEFAULT 0,
        queue_order INTEGER NOT NULL DEFAULT 0,
        start_order INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        fruitless INTEGER NOT NULL DEFAULT 0,
        interrupted_epoch INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX runs_by_state ON runs (state);
    CREATE VIEW queue AS
    WITH latest AS (SELECT max(start_order) AS start FROM runs),
    load AS (
        SELECT owner, sum(state IN ('running', 'pausing', 'stopping')) AS busy,
               sum(start_order > max(0, latest.start - 20)) AS recent
        FROM runs, latest GROUP BY owner),
    waiting AS (
        SELECT id, owner, queue_order,
               ROW_NUMBER() OVER (PARTITION BY owner ORDER BY queue_order, id) AS turn
        FROM runs WHERE state = 'queued')
    SELECT id, ROW_NUMBER() OVER (ORDER BY busy + turn, recent + turn, queue_order, id) AS place
    FROM waiting JOIN load USING (owner);
    """,
    """
    ALTER TABLE runs ADD COLUMN title TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN archived_at TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN deleted_at TEXT NOT NULL DEFAULT '';
    """,
    """
    ALTER TABLE runs ADD COLUMN shared_at TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN owners TEXT NOT NULL DEFAULT '[]';
    """,
    """
    ALTER TABLE runs ADD COLUMN took REAL NOT NULL DEFAULT 0;
    """,
    """
    ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE runs ADD COLUMN starred_at TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN size INTEGER NOT NULL DEFAULT -1;
    ALTER TABLE runs ADD COLUMN map_at_r REAL NOT NULL DEFAULT -1;
    ALTER TABLE runs ADD COLUMN settings TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN is_awaited INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN data TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN dataset TEXT NOT NULL DEFAULT '';
    UPDATE runs SET settings = derived_of(experiment, 'settings'), is_awaited = derived_of(experiment, 'is_awaited'),
                    data = derived_of(experiment, 'data'), dataset = derived_of(experiment, 'dataset');
    ALTER TABLE runs ADD COLUMN shown TEXT GENERATED ALWAYS AS (iif(title = '', name, title)) VIRTUAL;
    CREATE INDEX runs_by_wish ON runs (state, wanted);
    CREATE INDEX runs_by_queue_order ON runs (queue_order);
    CREATE INDEX runs_by_start_order ON runs (start_order);
    CREATE INDEX runs_by_data ON runs (data) WHERE data <> '';
    CREATE INDEX runs_by_dataset ON runs (dataset) WHERE deleted_at = '';
    CREATE INDEX runs_by_title ON runs (shown) WHERE deleted_at = '';
    CREATE INDEX runs_awaited ON runs (number) WHERE is_awaited;
    CREATE INDEX runs_begun ON runs (number) WHERE (state <> 'queued' OR attempts > 0);
    CREATE INDEX runs_archived ON runs (archived_at) WHERE archived_at <> '';
    CREATE INDEX runs_deleted ON runs (deleted_at) WHERE deleted_at <> '';
    CREATE INDEX runs_starred ON runs (number) WHERE starred_at <> '';
    CREATE INDEX runs_tagged ON runs (number) WHERE tags <> '[]';
    CREATE INDEX runs_unweighed ON runs (number)
        WHERE size < 0 AND state IN ('finished', 'paused', 'stopped', 'failed');
    CREATE INDEX queue_of_owners ON runs (owner, queue_order, id, is_awaited, state) WHERE state = 'queued';
    CREATE INDEX queue_by_kind ON runs (owner, is_awaited, queue_order, id, state) WHERE state = 'queued';
    CREATE TABLE sweeps (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        created TEXT NOT NULL,
        number INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sweeps_by_number ON sweeps (number);
    CREATE TABLE members (
        sweep TEXT NOT NULL,
        run TEXT NOT NULL,
        strategy TEXT NOT NULL,
        seed INTEGER NOT NULL,
        fold INTEGER NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (sweep, run)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX members_by_run ON members (run);
    CREATE TABLE indexed (folder TEXT PRIMARY KEY, stamp INTEGER NOT NULL) STRICT;
    """,
)
TABLES = ("runs", "queue", "sweeps", "members", "indexed")
# That every version has; no place in the queue is worked out for it.
ANYTHING = "SELECT EXISTS (SELECT 1 FROM runs), EXISTS (SELECT 1 FROM queue WHERE 0)"
MOST_IDLE = 4
BUSY_SECONDS = 30.0  # that an index which somebody else writes is waited for
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_Stamp = tuple[int, int, int, int]


class Index:
    """One SQLite file in write-ahead mode, on a local disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"))
        self._idle: list[tuple[_Stamp, sqlite3.Connection]] = []  # a list is safe to share between threads
        finalize(self, _close, self._idle)

    def ask(self, statement: str, values: Mapping[str, Any]) -> list[sqlite3.Row]:
        """What one statement returns; raises `sqlite3.DatabaseError`, see `is_damage`."""
        connection = self._taken()
        try:
            with connection:
                found = connection.execute(statement, values).fetchall()
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return found

    def _taken(self) -> sqlite3.Connection:
        """A connection for who asks alone."""
        stamp = _stamp(self.path)
        while self._idle:
            try:
                seen, connection = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if seen == stamp is not None:
                return connection
            connection.close()
        return _opened(self.path)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        stamp = _stamp(self.path)
        if stamp is None or len(self._idle) >= MOST_IDLE:
            connection.close()
        else:
            self._idle.append((stamp, connection))

    def is_sound(self) -> bool:
        """Whether the file is there and whole."""
        if not self.path.exists():
            return False
        try:
            self.ask(ANYTHING, {})
            return [row[0] for row in self.ask("PRAGMA quick_check", {})] == ["ok"]
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                return False
            raise

    def migrate(self) -> None:
        """Bring an index of an older version up to date, after a copy of it; refuse a newer one."""
        if self.ask("PRAGMA user_version", {})[0][0] != len(MIGRATIONS):
            with self._lock, closing(_opened(self.path)) as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version < len(MIGRATIONS):  # nobody has been here first
                    copy = self.path.with_suffix(f".version-{version}")
                    with closing(sqlite3.connect(copy)) as beside:
                        connection.backup(beside)
                _migrate(connection)

    def replace(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Make the index anew from these rows, unless another process has just done so; the damaged one is kept."""
        with self._lock:
            if self.is_sound():
                return
            fresh = self.path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with closing(sqlite3.connect(fresh)) as connection, connection:
                _migrate(connection)
                for row in rows:
                    names = ", ".join(row)
                    marks = ", ".join(f":{name}" for name in row)
                    connection.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", row)
            if self.path.exists():
                os.replace(self.path, self.path.with_suffix(".damaged"))
            for leftover in (
                "-wal",
                "-shm",
            ):  # they belong to the damaged file and must not be applied to the new
                Path(f"{self.path}{leftover}").unlink(missing_ok=True)
            os.replace(fresh, self.path)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is broken or was emptied, rather than busy, full or misused."""
    is_emptied = str(error) in [f"no such table: {name}" for name in TABLES]
    return is_emptied or getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED


def _stamp(path: Path) -> _Stamp | None:
    """Differs where another file is there, or something else in it; None where there is none."""
    try:
        about = os.stat(path)
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


def _close(idle: list[tuple[_Stamp, sqlite3.Connection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _opened(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    _teach(connection)
    return connection


def _teach(connection: sqlite3.Connection) -> None:
    """The functions of Python that statements call."""
    connection.create_function("derived_of", 2, derived_of, deterministic=True)
    connection.create_function("fold", 1, str.casefold, deterministic=True)


def _migrate(connection: sqlite3.Connection) -> None:
    _teach(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise ValueError(
            f"the store must be of version {len(MIGRATIONS)} or older, got {version}. Update Metric Lab to open it."
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
