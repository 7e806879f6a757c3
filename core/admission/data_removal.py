"""When the files of a deleted set go: never while a run of the store stands on them."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta

from core.admission.data_owners import admitted_ids, entries_of, keeping
from core.datasets.admitted import data_root, folder_of
from core.runs.run_row import Row
from core.runs.store import DAYS_KEPT, Store
from core.system.locations import store_root

GOING = ".going-"  # before the id in the name of a folder that is no set any more


def runs_on(store: Store, data_id: str) -> list[Row]:
    """The trainings that stand on a set, the last submitted first, then the deleted ones that can be restored."""
    return sorted(store.rows_on(data_id), key=lambda row: bool(row.entry.deleted_at))


def purge_data(store: Store, days: float = DAYS_KEPT) -> list[str]:
    """Remove the files of sets that all of their owners have deleted longer ago than that and on which no run stands;
    their ids. Nothing is removed of another store than that of this process."""
    if store.root.absolute() != store_root().absolute():
        return []
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
    gone = [data_id for data_id in admitted_ids() if _is_deleted(data_id, before) and _remove(store, data_id, before)]
    for folder in data_root().glob(f"{GOING}*"):  # those of a process that was ended here, too
        shutil.rmtree(folder, ignore_errors=True)
    return gone


def _is_deleted(data_id: str, before: str) -> bool:
    entries = entries_of(data_id).values()
    return bool(entries) and all(entry.deleted_at and entry.deleted_at <= before for entry in entries)


def _remove(store: Store, data_id: str, before: str) -> bool:
    """In one step, so that nobody finds half a set; not where somebody has brought it again meanwhile."""
    with keeping():
        if not _is_deleted(data_id, before) or runs_on(store, data_id):
            return False
        os.replace(folder_of(data_id), data_root() / f"{GOING}{data_id}")
    return True


def remove_now(store: Store, data_id: str) -> bool:
    """Remove the files of a deleted set before its week is over; False where an owner still has it or a run stands on
    it."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    is_gone = _is_deleted(data_id, now) and _remove(store, data_id, now)
    if is_gone:
        shutil.rmtree(data_root() / f"{GOING}{data_id}", ignore_errors=True)
    return is_gone
