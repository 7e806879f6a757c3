"""What somebody may see and do: trainings are watched by all, what is brought is its owners' own, and who has asked for
a run steers it. A teacher, and the user of this machine, may do anything."""

from __future__ import annotations

from core.admission.data_owners import owners_of
from core.runs.store import Row
from dashboard.entrance.visitors import Visitor, now


def may_see(row: Row) -> bool:
    """Whether the run is there at all for who asks."""
    return row.kind.is_trained or bool(row.entry.shared_at) or may_steer(row)


def may_steer(row: Row) -> bool:
    """Whether who asks may stop, title and delete the run."""
    visitor = now()
    return _may_all(visitor) or owns(row, visitor)


def may_see_data(data_id: str) -> bool:
    """Whether admitted data are there at all for who asks: for those who brought them, and for who may do anything."""
    visitor = now()
    return _may_all(visitor) or (visitor is not None and visitor.id in owners_of(data_id))


def owner_asking() -> str:
    """The id of who asks, by which what they bring is found again; empty for the user of this machine."""
    visitor = now()
    return visitor.id if visitor else ""


def owns(row: Row, visitor: Visitor | None) -> bool:
    """Whether somebody is one of those who have asked for the run; the user of this machine has asked for all."""
    return visitor is None or visitor.id in row.entry.owned_by


def is_one_of_several(row: Row) -> bool:
    """Whether the run goes on for others when who asks wants it no more."""
    visitor = now()
    return not _may_all(visitor) and owns(row, visitor) and len(row.entry.owned_by) > 1


def _may_all(visitor: Visitor | None) -> bool:
    return visitor is None or visitor.is_teacher
