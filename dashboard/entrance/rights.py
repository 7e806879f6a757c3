"""What somebody may see and do: trainings are watched by all, what is brought is its owners' own, with the trainings on
it, until they share it, and who has asked for a run steers it. A teacher, and the user of this machine, may do
anything."""

from __future__ import annotations

from core.admission.data_owners import MACHINE, Owner, entries_of
from core.models.kept_models import owners_of as owners_of_model
from core.runs.listing import Sight, data_ids
from core.runs.store import Row, Store
from dashboard.entrance.visitors import Visitor, now


def may_see(row: Row) -> bool:
    """Whether the run is there at all for who asks."""
    if may_steer(row):
        return True
    return may_see_data(row.data_id) if row.data_id else row.kind.is_trained or bool(row.entry.shared_at)


def sight(store: Store) -> Sight | None:
    """The same of all runs of a store, for the index to look for those that are there for who asks, and of what is
    deleted for those that they may steer; None where that is everything."""
    visitor = now()
    if visitor is None or visitor.is_teacher:
        return None
    return Sight(visitor.id, tuple(filter(may_see_data, data_ids(store))))


def may_steer(row: Row) -> bool:
    """Whether who asks may stop, title and delete the run."""
    visitor = now()
    return _may_all(visitor) or owns(row, visitor)


def may_see_data(data_id: str) -> bool:
    """Whether admitted data are there at all for who asks, to be looked at and trained on: for those who brought them,
    for all where one of these shares them, and for who may do anything."""
    visitor = now()
    if visitor is None or visitor.is_teacher:
        return True
    entries = entries_of(data_id)
    has_own = visitor.id in entries and not entries[visitor.id].deleted_at
    return has_own or any(entry.is_shared for entry in entries.values())


def may_see_model(model_id: str) -> bool:
    """Whether a network is there at all for who asks: for those who brought it, and for who may do anything."""
    visitor = now()
    return _may_all(visitor) or (visitor is not None and visitor.id in owners_of_model(model_id))


def may_change_data(data_id: str) -> bool:
    """Whether who asks may title, archive, delete, share and mend admitted data."""
    visitor = now()
    return _may_all(visitor) or (visitor is not None and visitor.id in entries_of(data_id))


def acting_owners(data_id: str) -> tuple[str, ...]:
    """Whose entries a change by who asks is of: their own; all, where they may do anything and have brought nothing."""
    visitor, entries = now(), entries_of(data_id)
    if visitor is not None and visitor.id in entries:
        return (visitor.id,)
    return (tuple(entries) or (MACHINE,)) if _may_all(visitor) else ()


def asking_owner() -> Owner:
    """Who asks, as an owner of what they bring: by the id it is found again."""
    visitor = now()
    return Owner() if visitor is None else Owner(visitor.id, visitor.name, is_limited=not visitor.is_teacher)


def is_owner() -> bool:
    """Whether who asks may do anything here: a teacher, or the user of this machine."""
    return _may_all(now())


def owns(row: Row, visitor: Visitor | None) -> bool:
    """Whether somebody is one of those who have asked for the run; the user of this machine has asked for all."""
    return visitor is None or visitor.id in row.entry.owned_by


def may_steer_of(owner: str) -> bool:
    """Whether who asks may steer what this owner, by id, has asked for."""
    visitor = now()
    return _may_all(visitor) or (visitor is not None and visitor.id == owner)


def is_one_of_several(row: Row) -> bool:
    """Whether the run goes on for others when who asks wants it no more."""
    visitor = now()
    return not _may_all(visitor) and owns(row, visitor) and len(row.entry.owned_by) > 1


def _may_all(visitor: Visitor | None) -> bool:
    return visitor is None or visitor.is_teacher
