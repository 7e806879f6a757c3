"""The comparisons that a store keeps, as sweeps of its runs: which runs belong together, how far they are, what is done
to all of them at once.

The files of core/comparison/record.py say what there is; the index has it in two tables, so that a page need not read
them. They are looked through again when their folder has changed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from core.comparison.asked import all_asked
from core.comparison.record import COMPARISON_ID, HOME, Comparison, kept, removed
from core.runs.run_row import Row
from core.runs.states import ACTIVE
from core.runs.store import Store

SETTLED = 2.0  # seconds after which a change of a folder surely has a later time than the one before
WAITING = ("queued", "interrupted")
# Of a sweep, those of its runs that are listed, put away or deleted.
LISTED, ARCHIVED, DELETED = (
    "deleted_at = '' AND archived_at = ''",
    "deleted_at = '' AND archived_at <> ''",
    "deleted_at <> ''",
)
SUMMARY = """
    SELECT sweep, count(*), sum(state = 'finished'), sum(state IN ({active})), sum(state IN ({waiting})),
           sum(state = 'failed'), sum(state IN ('paused', 'stopped')), sum(max(size, 0)), max(map_at_r), sum(seconds),
           avg(CASE WHEN state = 'finished' THEN 1.0 ELSE epoch * 1.0 / max(epochs, 1) END),
           sum(starred_at <> ''), count(DISTINCT strategy), count(DISTINCT seed)
    FROM members JOIN runs ON runs.id = run
    WHERE sweep IN (SELECT value FROM json_each(:ids)) AND {shelf} GROUP BY sweep"""


@dataclass(frozen=True)
class Summary:
    """Of the runs of a sweep: how many there are, and of these finished, at work, waiting, failed, and resting as they
    were paused or stopped; bytes on the disk, the best MAP@R (-1 where none has one), seconds of training, the share of
    all that is done, how many are starred, and from how many strategies and seeds they are."""

    count: int = 0
    finished: int = 0
    running: int = 0
    waiting: int = 0
    failed: int = 0
    resting: int = 0
    size: int = 0
    map_at_r: float = -1.0
    seconds: float = 0.0
    share: float = 0.0
    starred: int = 0
    strategies: int = 0
    seeds: int = 0

    @property
    def under_way(self) -> int:
        """How many come to something without anybody's asking."""
        return self.running + self.waiting


class Sweep(NamedTuple):
    """A comparison as the index knows it."""

    id: str
    title: str
    created: str


class Part(NamedTuple):
    """One run of a sweep."""

    strategy: str
    seed: int
    fold: int
    row: Row


def take_up(store: Store) -> None:
    """Have the index know all comparisons of the store; where none has come or gone since, that is one look at a
    folder."""
    folder = store.root / HOME
    try:
        stamp = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return
    known = store.ask("SELECT stamp FROM indexed WHERE folder = :folder", {"folder": HOME})
    if known and known[0][0] == stamp:
        return
    there = {path.stem for path in folder.glob("*.json") if COMPARISON_ID.fullmatch(path.stem)}
    indexed = {str(sweep_id) for (sweep_id,) in store.ask("SELECT id FROM sweeps")}
    since = known[0][0] - SETTLED * 1e9 if known else 0  # a comparison grows while its members come to be known
    changed = {sweep_id for sweep_id in there & indexed if _changed(folder / f"{sweep_id}.json") >= since}
    found = [one for sweep_id in (there - indexed) | changed if (one := kept(store.root, sweep_id))]
    for comparison in sorted(found, key=lambda one: (one.created, one.id)):
        _add(store, comparison)
    for sweep_id in indexed - there:
        _leave_out(store, sweep_id)
    if time.time_ns() - stamp > SETTLED * 1e9:  # else another file may come in the same moment
        values = {"folder": HOME, "stamp": stamp}
        store.ask("INSERT OR REPLACE INTO indexed (folder, stamp) VALUES (:folder, :stamp)", values)


def sweeps(store: Store, ids: Sequence[str]) -> dict[str, Sweep]:
    """Those of these ids that there are, by them."""
    asked = "SELECT id, title, created FROM sweeps WHERE id IN (SELECT value FROM json_each(:ids))"
    return {str(row[0]): Sweep(*row) for row in store.ask(asked, {"ids": json.dumps(list(ids))})}


def newest(store: Store) -> Iterator[Sweep]:
    """Those of which a run is there and not deleted, the newest first, read as far as somebody looks."""
    take_up(store)
    offset = 0
    while found := store.ask(
        """SELECT id, title, created FROM sweeps WHERE EXISTS (
               SELECT 1 FROM members JOIN runs ON runs.id = run WHERE sweep = sweeps.id AND deleted_at = '')
           ORDER BY number DESC, rowid DESC LIMIT 10 OFFSET :offset""",
        {"offset": offset},
    ):
        yield from (Sweep(*row) for row in found)
        offset += len(found)


def summaries(
    store: Store, ids: Sequence[str], shelf: str = LISTED, values: Mapping[str, Any] | None = None
) -> dict[str, Summary]:
    """By the ids of sweeps, over their runs that stand on a shelf, which may be any condition on a row of `runs` with
    its values; those without any are left out."""
    asked = SUMMARY.format(active=_listed(ACTIVE), waiting=_listed(WAITING), shelf=shelf)
    named = {"ids": json.dumps(list(ids)), **(values or {})}
    return {str(row[0]): Summary(*row[1:]) for row in store.ask(asked, named)}


def parts(store: Store, sweep_id: str, shelf: str = LISTED) -> list[Part]:
    """The runs of a sweep that stand on a shelf: by strategy in the order in which these were asked for, by seed and
    fold."""
    take_up(store)
    rows = store.ask(
        f"""SELECT strategy, seed, fold, run FROM members JOIN runs ON runs.id = run WHERE sweep = :sweep AND {shelf}
            ORDER BY (SELECT min(place) FROM members AS own WHERE own.sweep = :sweep AND own.strategy =
                      members.strategy), seed, fold""",
        {"sweep": sweep_id},
    )
    by_id = {row.id: row for row in store.rows_of([run_id for *_, run_id in rows])}
    return [Part(strategy, seed, fold, by_id[run_id]) for strategy, seed, fold, run_id in rows if run_id in by_id]


def runs_of(store: Store, ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the runs of sweeps that are in the store, deleted ones too."""
    rows = store.ask(
        """SELECT sweep, run FROM members JOIN runs ON runs.id = run
           WHERE sweep IN (SELECT value FROM json_each(:ids)) ORDER BY sweep, members.place""",
        {"ids": json.dumps(list(ids))},
    )
    found: dict[str, list[str]] = {}
    for sweep_id, run_id in rows:
        found.setdefault(str(sweep_id), []).append(str(run_id))
    return found


def newest_sweep_of(store: Store, ids: Sequence[str]) -> dict[str, Sweep]:
    """By the ids of runs the newest sweep that each belongs to; those of none are left out."""
    take_up(store)
    asked = """SELECT run, sweeps.id, title, created FROM sweeps JOIN members ON sweep = sweeps.id
               WHERE run IN (SELECT value FROM json_each(:ids)) ORDER BY sweeps.number, sweeps.rowid"""
    return {str(run_id): Sweep(*sweep) for run_id, *sweep in store.ask(asked, {"ids": json.dumps(list(ids))})}


def forget_gone(store: Store) -> None:
    """Remove the files of comparisons whose runs have all gone from the store; not of one that is only asked for."""
    take_up(store)
    gone = store.ask(
        """SELECT id FROM sweeps
           WHERE EXISTS (SELECT 1 FROM members WHERE sweep = sweeps.id)
           AND NOT EXISTS (SELECT 1 FROM members JOIN runs ON runs.id = run WHERE sweep = sweeps.id)"""
    )
    asked = set(all_asked(store.root))
    for (sweep_id,) in gone:
        if sweep_id in asked:
            continue
        removed(store.root, sweep_id)
        _leave_out(store, sweep_id)


def _add(store: Store, comparison: Comparison) -> None:
    """The runs first, those of its tuning too: a sweep that is known is whole."""
    trials = {run_id: [f"{name} · tuning", *rest] for run_id, (name, *rest) in comparison.trials.items()}
    members = [[run_id, *member[:3]] for run_id, member in (trials | dict(comparison.members)).items()]
    store.ask(
        """INSERT OR REPLACE INTO members (sweep, run, strategy, seed, fold, place)
           SELECT :sweep, value ->> 0, CAST(value ->> 1 AS TEXT), CAST(value ->> 2 AS INTEGER),
                  CAST(value ->> 3 AS INTEGER), key FROM json_each(:members)""",
        {"sweep": comparison.id, "members": json.dumps(members)},
    )
    store.ask(
        """INSERT INTO sweeps (id, title, created, number) VALUES (:id, :title, :created, coalesce(
               (SELECT max(number) FROM runs WHERE substr(submitted_at, 1, 19) <= substr(:created, 1, 19)), 0))
           ON CONFLICT (id) DO UPDATE SET title = :title""",
        {"id": comparison.id, "title": comparison.title, "created": comparison.created},
    )


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _leave_out(store: Store, sweep_id: str) -> None:
    store.ask("DELETE FROM sweeps WHERE id = :id", {"id": sweep_id})
    store.ask("DELETE FROM members WHERE sweep = :id", {"id": sweep_id})


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
