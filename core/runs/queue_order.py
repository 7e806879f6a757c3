"""The fair order of the queue, as far as somebody asks for it: its first runs, and how many are before one.

What: the order is that of the view `queue` (core/runs/index.py), and within what somebody waits for and within the
trainings each. Why not the view: it gives every waiting run its place, which takes a second where a hundred thousand
wait, and the engine asks five times a second. Of each owner the first so many of the queue are among the owner's own
first so many, which an index has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

ACTIVE = "state IN ('running', 'pausing', 'stopping')"
WAITS = "state = 'queued'"
QUEUE = "runs INDEXED BY queue_of_owners"  # by itself SQLite takes the index of all states, which does not know owners

# Those who have runs that wait: each found behind the last one, without a look at all of their runs. How busy each is.
OWNERS = f"""
    WITH RECURSIVE owners(owner) AS (
        SELECT (SELECT owner FROM {QUEUE} WHERE {WAITS} ORDER BY owner LIMIT 1)
        UNION ALL
        SELECT (SELECT owner FROM {QUEUE} WHERE {WAITS} AND owner > owners.owner ORDER BY owner LIMIT 1)
        FROM owners WHERE owner IS NOT NULL),
    latest AS (SELECT max(0, coalesce(max(start_order), 0) - 20) AS start FROM runs),
    load AS (
        SELECT owner,
               (SELECT count(*) FROM runs WHERE {ACTIVE} AND runs.owner = owners.owner) AS busy,
               (SELECT count(*) FROM runs, latest WHERE start_order > latest.start AND runs.owner = owners.owner)
               AS recent
        FROM owners WHERE owner IS NOT NULL)"""
FIRST = f"""{OWNERS},
    first AS (
        SELECT id, load.owner AS owner, queue_order, busy, recent FROM load JOIN runs ON number IN (
            SELECT number FROM runs WHERE {WAITS} AND owner = load.owner AND is_awaited = :is_awaited
            ORDER BY queue_order, id LIMIT :most)),
    turns AS (
        SELECT first.*, (
            SELECT count(*) FROM {QUEUE}
            WHERE {WAITS} AND owner = first.owner AND (queue_order, id) <= (first.queue_order, first.id)) AS turn
        FROM first)
    SELECT id FROM turns ORDER BY busy + turn, recent + turn, queue_order, id LIMIT :most"""
# Of one owner's own queue: how many are up to a run, of all and of its kind.
UP_TO = f"""SELECT count(*) FROM {QUEUE}
    WHERE {WAITS} AND owner = :owner AND (queue_order, id) <= (:queue_order, :id)"""
UP_TO_OF_KIND = f"""SELECT count(*) FROM runs INDEXED BY queue_by_kind
    WHERE {WAITS} AND owner = :owner AND is_awaited = :is_awaited AND (queue_order, id) <= (:queue_order, :id)"""
IS_MIXED = f"SELECT EXISTS (SELECT 1 FROM runs WHERE {WAITS} AND owner = :owner AND is_awaited = 1 - :is_awaited)"
NTH = f"""SELECT queue_order, id FROM {QUEUE} WHERE {WAITS} AND owner = :owner
    ORDER BY queue_order, id LIMIT 1 OFFSET :before"""
OF_KIND = f"SELECT count(*) FROM runs WHERE {WAITS} AND owner = :owner AND is_awaited = :is_awaited"
OWN = f"SELECT owner, queue_order, id, is_awaited FROM runs WHERE id = :id AND {WAITS}"

Ask = Callable[[str, dict[str, Any]], list[sqlite3.Row]]


class Standing(NamedTuple):
    """How many of its kind are before a run that waits, and how many there are in all."""

    before: int
    count: int


def first_of_queue(ask: Ask, most: int) -> list[str]:
    """The ids of the first so many that wait: first what somebody waits for, then trainings."""
    found = first_of_kind(ask, most, is_awaited=True)
    return found + first_of_kind(ask, most - len(found), is_awaited=False)


def first_of_kind(ask: Ask, most: int, *, is_awaited: bool) -> list[str]:
    """The same of one kind alone."""
    if most < 1:
        return []
    return [str(run_id) for (run_id,) in ask(FIRST, {"is_awaited": int(is_awaited), "most": most})]


def standing_of(ask: Ask, run_id: str) -> Standing | None:
    """None for a run that does not wait."""
    rows = ask(OWN, {"id": run_id})
    if not rows:
        return None
    owner, queue_order, _, is_awaited = rows[0]
    loads = {name: (busy, recent) for name, busy, recent in ask(f"{OWNERS} SELECT owner, busy, recent FROM load", {})}
    if owner not in loads:  # it was taken up meanwhile
        return None
    own = {"owner": owner, "queue_order": queue_order, "id": run_id, "is_awaited": is_awaited}
    turn = int(ask(UP_TO, own)[0][0])
    busy, recent = loads[owner]
    key = (busy + turn, recent + turn, queue_order, run_id)
    before = (int(ask(UP_TO_OF_KIND, own)[0][0]) if _is_mixed(ask, own) else turn) - 1
    count = 0
    for name, load in loads.items():
        kind = {"owner": name, "is_awaited": is_awaited}
        of_kind = int(ask(OF_KIND, kind)[0][0])
        count += of_kind
        if name != owner and of_kind:
            before += min(_before(ask, load, kind, key), of_kind)
    return Standing(before, count)


def _is_mixed(ask: Ask, kind: dict[str, Any]) -> bool:
    """Whether runs of the other kind wait between those of an owner."""
    return bool(ask(IS_MIXED, kind)[0][0])


def _before(ask: Ask, load: tuple[int, int], kind: dict[str, Any], key: tuple[int, int, int, str]) -> int:
    """How many of a kind another owner has before the run with this key, or more where it has no more."""
    busy, recent = load
    last = key[0] - busy  # the turn at which the owner would be as busy: those before it come first
    if last >= 1:
        tied = ask(NTH, {"owner": kind["owner"], "before": last - 1})
        if not tied or (recent + last, *tied[0]) > key[1:]:
            last -= 1
    if last < 1:
        return 0
    if not _is_mixed(ask, kind):
        return last
    nth = ask(NTH, {"owner": kind["owner"], "before": last - 1})
    return int(ask(UP_TO_OF_KIND, kind | dict(nth[0]))[0][0]) if nth else last
