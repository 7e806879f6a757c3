"""The store: one folder per run, and an index that is the queue.

Anyone may submit, say what is wanted, and title, archive or delete a run, which is mirrored to `entry.json` in the run
folder; the engine alone changes the state and mirrors it to `state.json`. So the index can be made anew from folders.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.runs.derived import DERIVED
from core.runs.entry import Entry, written_tags
from core.runs.index import ANYTHING, Index, is_damage
from core.runs.queue_order import first_of_kind, first_of_queue
from core.runs.run_row import COLUMNS, Row, checked_id, row_of
from core.runs.states import ANSWERS, RESTING, UNDER_WAY, WANTED, before
from core.runs.weight import weight_of
from core.system.atomic_files import write_json

NAME_LENGTH = 200
DAYS_KEPT = 7  # from the deletion of a run to that of its files
GOING = ".deleted"  # after the id in the name of a folder whose run is no longer in the store
AT_REST = (*RESTING, "finished")  # nobody writes into the folder
UNWEIGHED = "size < 0 AND state IN ('finished', 'paused', 'stopped', 'failed')"  # in the words of the index of these
NEXT = "(SELECT max({0}) + 1 FROM runs)"
# The members of a comparison are numbered from here on, and wait behind what the same owner has asked for by itself.
MEMBERS_FROM = 1 << 40
NEXT_ALONE = f"(SELECT coalesce(max(queue_order), 0) + 1 FROM runs WHERE queue_order < {MEMBERS_FROM})"
NEXT_MEMBER = f"(SELECT max(coalesce(max(queue_order), 0) + 1, {MEMBERS_FROM}) FROM runs)"

# What else changes with the state; `epoch` has risen since the last interruption where an attempt bore fruit.
EFFECTS = {
    "queued": f"""queue_order = CASE WHEN state = 'interrupted' THEN queue_order
                                     WHEN queue_order < {MEMBERS_FROM} THEN {NEXT_ALONE} ELSE {NEXT_MEMBER} END,
                  fruitless = iif(state = 'interrupted', fruitless, 0)""",
    "running": f"""started_at = :now, ended_at = '', took = 0, attempts = attempts + 1,
                   start_order = {NEXT.format("start_order")}""",
    "interrupted": """fruitless = iif(epoch > interrupted_epoch, 0, fruitless + :is_lost), interrupted_epoch = epoch""",
    "failed": "ended_at = :now, wanted = 'stop'",
    "finished": "ended_at = :now, took = :took",
    "stopped": "ended_at = :now",
}


# In one statement each, so that of two who come and go at once neither ends the other's run.
OTHERS = "SELECT value FROM json_each(runs.owners) WHERE json_extract(value, '$[0]') <> :owner"
JOINED = f"""UPDATE runs SET owners = json_insert(owners, '$[#]', json_array(:owner, :name)),
    owner = CASE WHEN owner = '' THEN :owner ELSE owner END
    WHERE id = :id AND (SELECT count(*) FROM ({OTHERS})) = json_array_length(owners)"""
LEFT = f"""UPDATE runs SET owners = (SELECT json_group_array(json(value)) FROM ({OTHERS})),
    owner = CASE WHEN owner = :owner THEN coalesce((SELECT json_extract(value, '$[0]') FROM ({OTHERS})), owner)
                 ELSE owner END,
    wanted = CASE WHEN EXISTS ({OTHERS}) OR state IN ('finished', 'failed', 'stopped') THEN wanted ELSE 'stop' END
    WHERE id = :id AND (SELECT count(*) FROM ({OTHERS})) < json_array_length(owners)"""


class Store:
    """`runs/<id>/` for every run, `index.sqlite`, and `engine/` for the engine's own files."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.runs = self.root / "runs"
        self.runs.mkdir(parents=True, exist_ok=True)
        self._index = Index(self.root / "index.sqlite")
        self._behind, self._has_caught_up = set[str](), False  # runs whose folder does not say yet where they stand
        self._ask(ANYTHING)
        self._index.migrate()

    def folder(self, run_id: str) -> Path:
        """Where the run keeps its files; it exists once the run is submitted."""
        return self.runs / checked_id(run_id)

    def submit(
        self, experiment: Mapping[str, Any], run_id: str, name: str, owner: str = "", *, is_member: bool = False
    ) -> Row:
        """Ask for a run. Equal configurations share an id and are one run: a finished one is returned as it is, one
        that was paused, stopped or failed is queued again, and one that was archived or deleted is listed again. A
        member of a comparison waits behind the owner's other runs, until it is asked for by itself as well."""
        place = NEXT_MEMBER if is_member else NEXT_ALONE
        first = Row(checked_id(run_id), name[:NAME_LENGTH], owner[:NAME_LENGTH], dict(experiment), _now())
        self.folder(run_id).mkdir(exist_ok=True)
        if not (self.folder(run_id) / "state.json").exists():
            self.mirror(first)  # before the index knows it: from then on the engine writes this file
        self._ask(
            f"""INSERT INTO runs (id, name, owner, experiment, {", ".join(DERIVED)}, submitted_at, queue_order)
                VALUES (:id, :name, :owner, :experiment, {", ".join(f":{name}" for name in DERIVED)}, :submitted_at,
                        {place})
                ON CONFLICT (id) DO UPDATE SET wanted = 'run',
                    queue_order = iif(queue_order >= {MEMBERS_FROM} AND NOT {is_member:d}, {NEXT_ALONE}, queue_order)
                WHERE state <> 'finished'""",
            first.columns(),
        )
        if (entry := self.row(run_id).entry).deleted_at or entry.archived_at:
            return self._write_entry(run_id, deleted_at="", archived_at="")
        return self.row(run_id)

    def want(self, run_id: str, wanted: str) -> None:
        """Say what should become of a run: run, pause or stop. The engine answers; a finished run stays as it is."""
        if wanted not in WANTED:
            raise ValueError(f"wanted must be one of {', '.join(WANTED)}, got {wanted!r}. Choose one of these.")
        state = self.row(run_id).state
        if (state, wanted) in ANSWERS or state not in ("finished", "failed", "stopped"):
            self._ask("UPDATE runs SET wanted = :wanted WHERE id = :id", {"id": run_id, "wanted": wanted})

    def join(self, run_id: str, owner: str, name: str) -> Row:
        """Make somebody an owner of a run beside those who have asked for it before; an id says who that is."""
        self._ask(JOINED, {"id": checked_id(run_id), "owner": owner, "name": name})
        return self._write_entry(run_id)

    def leave(self, run_id: str, owner: str) -> Row:
        """An owner wants the run no more; where that was the last one it is stopped, and otherwise goes on."""
        self._ask(LEFT, {"id": checked_id(run_id), "owner": owner})
        return self._write_entry(run_id)

    def row(self, run_id: str) -> Row:
        """The row of a run; ValueError where there is none."""
        rows = self._rows("WHERE id = :id", {"id": checked_id(run_id)})
        if not rows:
            raise ValueError(f"the run must be in the store, got {run_id}. Choose one from the list of runs.")
        return rows[0]

    def under_way_of(self, owner: str) -> int:
        """How many runs of an owner wait or are at work."""
        states = json.dumps(UNDER_WAY)
        ((number,),) = self._ask(
            """SELECT count(*) FROM runs WHERE state IN (SELECT value FROM json_each(:states))
               AND instr(owners, :owner)  -- for speed: most rows do not even have it in their text
               AND EXISTS (SELECT 1 FROM json_each(owners) WHERE json_extract(value, '$[0]') = :owner)""",
            {"states": states, "owner": owner},
        )
        return int(number)

    def rows(self) -> list[Row]:
        """All runs that are not deleted, the last submitted first."""
        return self._rows("WHERE deleted_at = '' ORDER BY number DESC")

    def deleted_rows(self) -> list[Row]:
        """The runs that can be restored, the last deleted first."""
        return self._rows("WHERE deleted_at <> '' ORDER BY deleted_at DESC, number DESC")

    def describe(self, run_id: str, *, title: str | None = None, note: str | None = None) -> Row:
        """Title a run or write a note about it; None leaves it as it is, an empty title gives back the run's own.

        Raises ValueError for what is too long, with the length that is allowed.
        """
        changes = {"title": title, "note": note}
        return self._write_entry(run_id, **{what: text.strip() for what, text in changes.items() if text is not None})

    def archive(self, run_id: str, *, is_archived: bool = True) -> Row:
        """Put a run away, or take it back into the list."""
        return self._write_entry(run_id, archived_at=_now() if is_archived else "")

    def tag(self, run_id: str, tags: Sequence[str]) -> Row:
        """Have a run bear these tags and no other. Raises ValueError for too many, and for one that is too long."""
        return self._write_entry(run_id, tags=written_tags(tags))

    def star(self, run_id: str, *, is_starred: bool = True) -> Row:
        """Mark a run, or take the mark away."""
        return self._write_entry(run_id, starred_at=_now() if is_starred else "")

    def share(self, run_id: str, *, is_shared: bool = True) -> Row:
        """Let others see what one of them brought, or its owners alone."""
        return self._write_entry(run_id, shared_at=_now() if is_shared else "")

    def delete(self, run_id: str) -> Row:
        """Show a run nowhere any more, and end it where it is under way; `restore` takes that back for a week."""
        self.want(run_id, "stop")
        return self._write_entry(run_id, deleted_at=_now())

    def restore(self, run_id: str) -> Row:
        """List a deleted run again. What was ended stays so: Resume goes on with it."""
        return self._write_entry(run_id, deleted_at="")

    def write_all(self, ids: Iterable[str], **changes: str) -> None:
        """The same change of what readers have made of many runs at once, in the names of `Entry`; `delete_all` ends
        them, too. What was archived, starred or deleted has the time of it, and "" where it is not."""
        self._write_entries(list(ids), **changes)

    def delete_all(self, ids: Iterable[str]) -> None:
        """As `delete`, of many runs at once."""
        known = list(ids)
        self.want_all(known, "stop")
        self._write_entries(known, deleted_at=_now())

    def want_all(self, ids: Iterable[str], wanted: str) -> None:
        """As `want`, of many runs at once."""
        resting = ("finished",) if wanted == "run" else ("finished", "failed", "stopped")
        self._ask(
            """UPDATE runs SET wanted = :wanted WHERE id IN (SELECT value FROM json_each(:ids))
               AND state NOT IN (SELECT value FROM json_each(:resting))""",
            {"ids": json.dumps(list(ids)), "wanted": wanted, "resting": json.dumps(resting)},
        )

    def purge(self, days: float = DAYS_KEPT) -> list[str]:
        """For the engine alone: remove the files of what was deleted longer ago than that; the ids."""
        states = json.dumps([*RESTING, "finished"])
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
        gone = self._ask(
            """DELETE FROM runs WHERE deleted_at <> '' AND deleted_at <= :before
               AND state IN (SELECT value FROM json_each(:states)) RETURNING id""",
            {"before": before, "states": states},
        )
        for (run_id,) in gone:
            with suppress(FileNotFoundError):
                os.replace(self.folder(run_id), self.runs / f"{run_id}{GOING}")
        for folder in self.runs.glob(f"*{GOING}"):  # those of an engine that was ended here, too
            shutil.rmtree(folder)
        return [run_id for (run_id,) in gone]

    def weigh(self, most: int = 50) -> int:
        """For the engine alone: write down what so many runs of earlier versions take of the disk; how many it were."""
        rows = self._ask(f"SELECT id FROM runs WHERE {UNWEIGHED} LIMIT :most", {"most": most})
        for (run_id,) in rows:
            weight = weight_of(self.folder(run_id))
            values = weight._asdict() | {"id": run_id}
            self._ask("UPDATE runs SET size = :size, map_at_r = :map_at_r WHERE id = :id", values)
        return len(rows)

    def queued(self) -> list[Row]:
        """The runs that wait, those that somebody waits for first; these and the others each in the fair order (see
        core/runs/index.py)."""
        return sorted(self._rows("JOIN queue USING (id) ORDER BY place"), key=lambda row: not row.is_awaited)

    def next_queued(self, most: int) -> list[Row]:
        """The first so many of `queued`, at the same cost however many wait."""
        ids = first_of_queue(self.ask, most)
        return self.rows_of(ids)

    def queued_count(self) -> int:
        """How many wait."""
        return int(self._ask("SELECT count(*) FROM runs WHERE state = 'queued'")[0][0])

    def first_of_kind(self, most: int, *, is_awaited: bool) -> list[Row]:
        """The first so many that wait among what is awaited, or among the trainings."""
        return self.rows_of(first_of_kind(self.ask, most, is_awaited=is_awaited))

    def rows_of(self, ids: Sequence[str]) -> list[Row]:
        """The runs of these ids that are there, in this order, deleted ones too."""
        rows = self._rows("WHERE id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(ids))})
        by_id = {row.id: row for row in rows}
        return [by_id[run_id] for run_id in ids if run_id in by_id]

    def sharing_titles(self, titles: Iterable[str]) -> set[str]:
        """Those of these titles that several runs have which are not deleted."""
        rows = self._ask(
            """SELECT shown FROM runs WHERE deleted_at = '' AND shown IN (SELECT value FROM json_each(:titles))
               GROUP BY shown HAVING count(*) > 1""",
            {"titles": json.dumps(list(titles))},
        )
        return {str(title) for (title,) in rows}

    def rows_on(self, data_id: str) -> list[Row]:
        """The runs on an admitted set, deleted ones too, the last submitted first."""
        return self._rows("WHERE data = :data AND data <> '' ORDER BY number DESC", {"data": data_id})

    def last_finished(self, most: int) -> list[Row]:
        """So many that are not deleted and came to their end in one attempt, the last submitted first."""
        rest = "WHERE state = 'finished' AND attempts = 1 AND deleted_at = '' ORDER BY number DESC LIMIT :most"
        return self._rows(rest, {"most": most})

    def in_states(self, *states: str) -> list[Row]:
        """The rows in any of these states, oldest first."""
        return self._rows("WHERE state IN (SELECT value FROM json_each(:states)) ORDER BY number",
                          {"states": json.dumps(states)})  # fmt: skip

    def to_answer(self) -> list[Row]:
        """The runs whose state is not yet what is wanted and can be moved towards it."""
        pairs = " OR ".join(f"(state = '{state}' AND wanted = '{wanted}')" for state, wanted in ANSWERS)
        return self._rows(f"WHERE {pairs} ORDER BY number")  # so written, each pair is looked up

    def set_state(
        self, run_id: str, state: str, message: str | None = None, *, is_lost: bool = False, took: float = 0.0
    ) -> Row:
        """For the engine alone: move a run along the table of core/runs/states.py; None keeps the message. `is_lost`:
        its own worker has died, which counts against it where it has come no further. `took`: of a finished run, how
        many seconds its last attempt. What the disk has no room for in the folder, `catch_up` writes there later."""
        effects = ", ".join(filter(None, ["state = :state, message = coalesce(:message, message)", EFFECTS.get(state)]))
        values = {"id": checked_id(run_id), "state": state, "message": message, "now": _now()}
        values |= {"is_lost": is_lost, "took": took}
        earlier = before(state)
        marks = ", ".join(f"'{name}'" for name in earlier)
        if state in AT_REST:
            effects += ", size = :size, map_at_r = :map_at_r"
            values |= weight_of(self.folder(run_id))._asdict()
        if not self._ask(f"UPDATE runs SET {effects} WHERE id = :id AND state IN ({marks}) RETURNING id", values):
            raise ValueError(
                f"{state} must follow {' or '.join(earlier)}, got {self.row(run_id).state}. Wait for the engine."
            )
        row = self.row(run_id)
        self._behind.add(row.id)
        with suppress(OSError):  # the index has it, and an error would say that it has not
            self.mirror(row)
        return row

    def progress(
        self,
        run_id: str,
        epoch: int,
        epochs: int,
        step: int,
        seconds: float,
        seconds_left: float = 0.0,
        took: float = 0.0,
    ) -> None:
        """For the engine alone: how far a run has come."""
        self._ask(
            """UPDATE runs SET epoch = :epoch, epochs = :epochs, step = :step, seconds = :seconds,
                              seconds_left = :seconds_left, took = :took WHERE id = :id""",
            {
                "id": run_id,
                "epoch": epoch,
                "epochs": epochs,
                "step": step,
                "seconds": seconds,
                "seconds_left": seconds_left,
                "took": took,
            },
        )

    def mirror(self, row: Row) -> None:
        """Write the row into its run folder, where it outlives the index; one that is gone is made anew for that."""
        self.folder(row.id).mkdir(exist_ok=True)
        write_json(self.folder(row.id) / "state.json", row.engine_columns())
        self._behind.discard(row.id)

    def catch_up(self) -> None:
        """For the engine alone: mirror what a full disk has kept from it, at first of all runs, by an earlier engine
        too. Raises OSError as long as there is no room."""
        if not self._has_caught_up:
            self._behind |= {row.id for row in self._rows("") if self._says_otherwise(row)}
            self._has_caught_up = True
        for run_id in sorted(self._behind):
            for row in self._rows("WHERE id = :id", {"id": run_id}):
                self.mirror(row)
            self._behind.discard(run_id)  # as of one that was removed meanwhile

    def _says_otherwise(self, row: Row) -> bool:
        """Whether the folder of a run, which is there, tells of another state."""
        try:
            return json.loads((self.folder(row.id) / "state.json").read_text())["state"] != row.state
        except FileNotFoundError:
            return self.folder(row.id).exists()
        except (ValueError, LookupError, TypeError):
            return True

    def rebuild(self) -> None:
        """Make the index anew from the run folders where it is missing or damaged; a sound one is left alone."""
        rows = [row for folder in self.runs.iterdir() if (row := row_of(folder))]
        rows.sort(key=lambda row: (row.submitted_at, row.id))
        self._index.replace(
            row.columns() | {"number": number, "queue_order": number, "start_order": number * bool(row.attempts)}
            for number, row in enumerate(rows, start=1)
        )

    def _write_entry(self, run_id: str, **changes: str) -> Row:
        entry = Entry(**changes)  # refuses what is too long
        settings = ", ".join(f"{name} = :{name}" for name in changes)
        if changes:
            self._ask(f"UPDATE runs SET {settings} WHERE id = :id", {"id": checked_id(run_id)} | vars(entry))
        while True:
            row = self.row(run_id)
            row.entry.write(self.folder(run_id))
            if self.row(run_id).entry == row.entry:  # else somebody wrote in between, and this went over it
                return row

    def _write_entries(self, ids: Sequence[str], **changes: str) -> None:
        entry = Entry(**changes)
        settings = ", ".join(f"{name} = :{name}" for name in changes)
        self._ask(
            f"UPDATE runs SET {settings} WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(ids))} | vars(entry),
        )
        written: dict[str, Entry] = {}
        while behind := [row for row in self.rows_of(ids) if row.entry != written.get(row.id)]:
            for row in behind:  # again where somebody wrote in between, and this went over it
                row.entry.write(self.folder(row.id))
                written[row.id] = row.entry

    def _rows(self, rest: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        return [
            Row.from_columns(columns) for columns in self._ask(f"SELECT {', '.join(COLUMNS)} FROM runs {rest}", values)
        ]

    def ask(self, statement: str, values: Mapping[str, Any] | None = None) -> list[sqlite3.Row]:
        """What one statement on the index returns: for the modules of this room, each with statements of its own."""
        return self._ask(statement, values)

    def _ask(self, statement: str, values: Mapping[str, Any] | None = None) -> list[sqlite3.Row]:
        try:
            return self._index.ask(statement, values or {})
        except sqlite3.DatabaseError as error:
            if self._index.path.exists() and not is_damage(error):
                raise
            self.rebuild()
            return self._index.ask(statement, values or {})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
