"""How much one person may ask for, and how much the disk may hold; who comes to an end of it is told what helps."""

from __future__ import annotations

import shutil

from core.admission.room import GB, GIGABYTES_FREE, RESERVE
from core.runs.store import DAYS_KEPT, Store
from core.system.environment import number_in
from dashboard.entrance import visitors
from dashboard.lookups.disk_use import bytes_used
from dashboard.wording import say

WAITING, QUOTA = "METRIC_LAB_QUEUE", "METRIC_LAB_DISK"
RUNS_OF_ONE = 12  # a comparison of four strategies, three times


def check(store: Store, new: int = 1) -> None:
    """Refuse so many runs more where there is no room for them; ValueError."""
    visitor = visitors.now()
    most = int(number_in(WAITING, RUNS_OF_ONE, is_whole=True))
    if visitor and not visitor.is_teacher and store.under_way_of(visitor.id) + new > most:
        raise ValueError(say("runs.limits.waiting", most=most))
    check_disk(store)


def check_disk(store: Store) -> None:
    """Refuse whatever takes room on the store's disk where there is none; ValueError."""
    reserve, free = number_in(RESERVE, GIGABYTES_FREE, is_above_zero=False), shutil.disk_usage(store.root).free / GB
    if free < reserve:
        raise ValueError(say("runs.limits.disk", reserve=reserve, free=free))
    quota = number_in(QUOTA, 0.0, is_above_zero=False)
    if quota and (used := bytes_used(str(store.root)) / GB) > quota:
        raise ValueError(say("runs.limits.quota", most=quota, used=used, days=DAYS_KEPT))
