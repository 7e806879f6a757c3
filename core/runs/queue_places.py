"""Where a run stands in the queue, and which runs are before it."""

from __future__ import annotations

from dataclasses import dataclass

from core.runs.queue_order import standing_of
from core.runs.run_row import Row
from core.runs.states import ACTIVE
from core.runs.store import Store

MOST_BEFORE, FEW_BEFORE = 50, 2  # of what is awaited, whose times add up, and of trainings, which are only named


@dataclass(frozen=True)
class Place:
    """`number` from 1 among so many that wait; trainings wait for trainings, what is awaited for what is awaited: of
    its kind the runs `at_work`, the first of those `queued` before it, and the `others` at work."""

    number: int
    count: int
    at_work: tuple[Row, ...] = ()
    queued: tuple[Row, ...] = ()
    others: tuple[Row, ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether all that wait before it are named."""
        return len(self.queued) == self.number - 1


def place_of(store: Store, row: Row) -> Place | None:
    """None for a run that does not wait."""
    standing = standing_of(store.ask, row.id)
    if standing is None:
        return None
    most = MOST_BEFORE if row.is_awaited else FEW_BEFORE
    first = store.first_of_kind(min(standing.before, most), is_awaited=row.is_awaited)
    at_work = store.in_states(*ACTIVE)
    own = tuple(other for other in at_work if other.is_awaited == row.is_awaited)
    others = tuple(other for other in at_work if other.is_awaited != row.is_awaited)
    return Place(standing.before + 1, standing.count, own, tuple(first), others)
