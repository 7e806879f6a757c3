"""Which lines the list of runs has: sweeps, and runs that belong to none, as they are asked for and in which order.

What: one statement on the index for one screen of the list. Why: a store may keep ten thousand runs, and reading all of
them to show fifteen took a second.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.runs.store import Store
from core.runs.sweeps import ARCHIVED, DELETED, LISTED, Summary, summaries, take_up

AT_ONCE = 60  # lines, at first; then twice as many each time, since each time all are sorted
NEWEST, LONGEST, BEST, LARGEST, NAME = "newest", "longest", "best", "largest", "name"
SORTS = (NEWEST, LONGEST, BEST, LARGEST, NAME)
SHELVES = {"listed": LISTED, "archived": ARCHIVED, "deleted": DELETED}
BEGUN = "(state <> 'queued' OR attempts > 0)"  # in the words of the index of these

# What lines are sorted by: of a run, of all that are asked for of a sweep, and which way.
KEYS = {
    NEWEST: ("number", "sweeps.number", "DESC"),
    LONGEST: ("seconds", "sum(seconds)", "DESC"),
    BEST: ("map_at_r", "max(map_at_r)", "DESC"),
    LARGEST: ("max(size, 0)", "sum(max(size, 0))", "DESC"),
    NAME: ("fold(shown)", "fold(sweeps.title)", "ASC"),
    "deleted": ("deleted_at", "max(deleted_at)", "DESC"),  # the last one first
}


@dataclass(frozen=True)
class Sight:
    """Whose eyes the list is for, where these do not see everything: the id, and the admitted sets that are there for
    them. They see what they asked for, trainings on these sets and on what comes with the code, and of all else what
    is shared; of what is deleted only what they asked for. The rule itself: dashboard/entrance/rights.py."""

    owner: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a line must be: on a shelf, and, where they are named, in one of these states, trained here or brought, on
    this dataset, asked for by this owner, with this tag, starred, and with each of the `words` in its title, name, id,
    note, tags, state or settings, or in the title of its sweep."""

    shelf: str = "listed"
    states: tuple[str, ...] = ()
    is_trained: bool | None = None
    dataset: str = ""
    owner: str = ""
    tag: str = ""
    is_starred: bool = False
    words: str = ""
    sort: str = NEWEST
    is_grouped: bool = True
    """Whether sweeps are lines; otherwise each of their runs is one."""
    has_begun: bool = False
    """Whether those are left out that nobody has begun with."""
    sight: Sight | None = None
    """Who looks; None sees everything."""


class Line(NamedTuple):
    """The id of a sweep or of a run."""

    id: str
    is_sweep: bool


def lines(store: Store, asked: Asked) -> Iterator[Line]:
    """All of them in their order, as far as somebody looks; read by and by."""
    take_up(store)
    statement, values = _statement(asked)
    yield from (Line(str(row["id"]), bool(row["is_sweep"])) for row in _by_and_by(store, statement, values))


def runs_at_all(store: Store, asked: Asked) -> Iterator[str]:
    """The ids of the runs that are what is asked for, in no order: for whoever asks whether there is one."""
    conditions, values = _conditions(asked)
    found = _by_and_by(store, f"SELECT id FROM runs WHERE {conditions}", values)
    yield from (str(run_id) for (run_id,) in found)


def data_ids(store: Store) -> list[str]:
    """The ids of the admitted sets on which runs of the store are trained."""
    return [str(data) for (data,) in store.ask("SELECT DISTINCT data FROM runs WHERE data <> ''")]


def count(store: Store, asked: Asked) -> int:
    """How many lines there are."""
    take_up(store)
    statement, values = _statement(asked, is_sorted=False)
    return int(store.ask(f"SELECT count(*) FROM ({statement})", values)[0][0])


def runs_asked_for(store: Store, asked: Asked, sweep_id: str) -> set[str]:
    """The ids of those runs of a sweep that are what is asked for."""
    conditions, values = _conditions(asked, sweep="sweeps.title")
    rows = store.ask(
        f"""SELECT runs.id FROM sweeps JOIN members ON sweep = sweeps.id JOIN runs ON runs.id = run
            WHERE sweeps.id = :sweep AND {conditions}""",
        values | {"sweep": sweep_id},
    )
    return {str(run_id) for (run_id,) in rows}


def datasets(store: Store, sight: Sight | None = None) -> list[str]:
    """The names of datasets, and the ids of admitted sets, of which there are runs that are not deleted."""
    there, values = _there(sight)
    rows = store.ask(f"SELECT DISTINCT dataset FROM runs WHERE {there} AND dataset <> '' ORDER BY dataset", values)
    return [str(name) for (name,) in rows]


def tags(store: Store, sight: Sight | None = None) -> list[str]:
    """All that runs bear which are not deleted, in the order of the alphabet."""
    there, values = _there(sight)
    rows = store.ask(
        f"""SELECT DISTINCT value FROM (SELECT tags FROM runs WHERE tags <> '[]' AND {there}), json_each(tags)
            ORDER BY fold(value)""",
        values,
    )
    return [str(tag) for (tag,) in rows]


def owners(store: Store, sight: Sight | None = None) -> dict[str, str]:
    """The names of those who have asked for runs that are not deleted, by their ids."""
    there, values = _there(sight)
    rows = store.ask(
        f"""SELECT DISTINCT value ->> 0, value ->> 1 FROM (SELECT DISTINCT owners FROM runs WHERE {there}),
            json_each(owners) ORDER BY 2""",
        values,
    )
    return {str(owner): str(name) for owner, name in rows}


def summaries_seen(store: Store, ids: Sequence[str], shelf: str, sight: Sight | None = None) -> dict[str, Summary]:
    """By the ids of sweeps, over their runs on a shelf that are there for who looks: of those of others they are not
    told how many there are. Sweeps without any are left out."""
    condition, values = _seen(sight, is_deleted=shelf == "deleted") if sight else ("1", {})
    return summaries(store, ids, f"{SHELVES[shelf]} AND {condition}", values)


def _by_and_by(store: Store, statement: str, values: Mapping[str, Any]) -> Iterator[sqlite3.Row]:
    """What a statement returns, as far as somebody looks."""
    offset, most = 0, AT_ONCE
    while True:
        found = store.ask(f"{statement} LIMIT :most OFFSET :offset", {**values, "most": most, "offset": offset})
        yield from found
        if len(found) < most:
            return
        offset, most = offset + most, 2 * most


def _statement(asked: Asked, *, is_sorted: bool = True) -> tuple[str, dict[str, Any]]:
    of_run, of_sweep, way = KEYS["deleted" if asked.shelf == "deleted" and asked.sort == NEWEST else asked.sort]
    alone, values = _conditions(asked)
    within, _ = _conditions(asked, sweep="sweeps.title")
    runs = f"SELECT id, 0 AS is_sweep, {of_run} AS key, number AS moment FROM runs WHERE {alone}"
    if asked.is_grouped:
        runs += " AND NOT EXISTS (SELECT 1 FROM members JOIN sweeps ON sweeps.id = sweep WHERE run = runs.id)"
    of_members = f"FROM members JOIN runs ON runs.id = run WHERE sweep = sweeps.id AND {within}"
    is_own = of_sweep.startswith(("sweeps.", "fold("))  # and not of its runs
    key = of_sweep if is_own else f"(SELECT {of_sweep} {of_members})"
    sweeps = f"""SELECT id, 1 AS is_sweep, {key} AS key, number AS moment FROM sweeps
        WHERE EXISTS (SELECT 1 {of_members})"""
    order = f" ORDER BY key {way}, moment DESC, is_sweep DESC, id" if is_sorted else ""
    return (f"{sweeps} UNION ALL {runs}" if asked.is_grouped else runs) + order, values


def _conditions(asked: Asked, sweep: str = "''") -> tuple[str, dict[str, Any]]:
    """On a row of `runs`; `sweep` is the title of what it belongs to."""
    found, values = [SHELVES[asked.shelf]], dict[str, Any]()
    for name, condition, value in (
        ("states", "state IN (SELECT value FROM json_each(:states))", json.dumps(asked.states) if asked.states else ""),
        ("dataset", "dataset = :dataset", asked.dataset),
        ("owner", "instr(owners, :owner)", json.dumps(asked.owner) if asked.owner else ""),
        ("tag", "EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag)", asked.tag),
    ):
        if value:
            found.append(condition)
            values[name] = value
    if asked.is_trained is not None:
        found.append("NOT is_awaited" if asked.is_trained else "is_awaited")
    if asked.has_begun:
        found.append(BEGUN)
    if asked.is_starred:
        found.append("starred_at <> ''")
    if asked.sight:
        condition, its_values = _seen(asked.sight, is_deleted=asked.shelf == "deleted")
        found.append(condition)
        values |= its_values
    for number, word in enumerate(asked.words.casefold().split()):
        said = f"shown || ' ' || name || ' ' || runs.id || ' ' || note || ' ' || state || ' ' || tags || ' ' || {sweep}"
        found.append(f"(instr(settings, :word{number}) OR instr(fold({said}), :word{number}))")
        values[f"word{number}"] = word
    return " AND ".join(found), values


def _there(sight: Sight | None) -> tuple[str, dict[str, Any]]:
    """Whether a run is not deleted, and there for who looks."""
    condition, values = _seen(sight, is_deleted=False) if sight else ("1", {})
    return f"deleted_at = '' AND {condition}", values


def _seen(sight: Sight, *, is_deleted: bool) -> tuple[str, dict[str, Any]]:
    """The rule that `Sight` tells, on a row of `runs`."""
    own = """CASE WHEN instr(owners, :looking) AND json_valid(owners) THEN EXISTS (
        SELECT 1 FROM json_each(owners) WHERE CASE type WHEN 'array' THEN value ->> 0 END = :looking) ELSE 0 END"""
    if is_deleted:
        return own, {"looking": sight.owner}
    seen = f"""(CASE WHEN data = '' THEN NOT is_awaited OR shared_at <> ''
        ELSE data IN (SELECT value FROM json_each(:seen_data)) END OR {own})"""
    return seen, {"looking": sight.owner, "seen_data": json.dumps(sight.data)}
