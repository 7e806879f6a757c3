"""Where a run stands in the queue, and which runs are before it."""

from __future__ import annotations

from dataclasses import dataclass

from core.runs.run_row import Row
from core.runs.states import ACTIVE
from core.runs.store import Store


@dataclass(frozen=True)
class Place:
    """`number` from 1 among so many that wait; trainings wait for trainings, what is awaited for what is awaited: of
    its kind the runs `at_work` and `queued` before it, and the `others` at work."""

    number: int
    count: int
    at_work: tuple[Row, ...] = ()
    queued: tuple[Row, ...] = ()
    others: tuple[Row, ...] = ()


def place_of(store: Store, row: Row) -> Place | None:
    """None for a run that does not wait."""
    line = [other for other in store.queued() if other.is_awaited == row.is_awaited]
    before = next((number for number, other in enumerate(line) if other.id == row.id), None)
    if before is None:
        return None
    at_work = store.in_states(*ACTIVE)
    own = tuple(other for other in at_work if other.is_awaited == row.is_awaited)
    others = tuple(other for other in at_work if other.is_awaited != row.is_awaited)
    return Place(before + 1, len(line), own, tuple(line[:before]), others)
