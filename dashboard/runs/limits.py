"""How much one person may ask for, and how much the disk may hold; who comes to an end of it is told what helps."""

from __future__ import annotations

import os
import shutil

from core.runs.store import DAYS_KEPT, Store
from dashboard.entrance import visitors
from dashboard.lookups.disk_use import bytes_used
from dashboard.wording import say

WAITING, RESERVE, QUOTA = "METRIC_LAB_QUEUE", "METRIC_LAB_RESERVE", "METRIC_LAB_DISK"
RUNS_OF_ONE = 12  # a comparison of four strategies, three times
GIGABYTES_FREE = 1.0
GB = 1e9


def check(store: Store) -> None:
    """Refuse one run more where there is no room for it; ValueError."""
    visitor = visitors.now()
    most = int(_number(WAITING, RUNS_OF_ONE))
    if visitor and not visitor.is_teacher and store.under_way_of(visitor.id) >= most:
        raise ValueError(say("runs.limits.waiting", most=most))
    reserve, free = _number(RESERVE, GIGABYTES_FREE), shutil.disk_usage(store.root).free / GB
    if free < reserve:
        raise ValueError(say("runs.limits.disk", reserve=reserve, free=free))
    quota = _number(QUOTA, 0.0)
    if quota and (used := bytes_used(str(store.root)) / GB) > quota:
        raise ValueError(say("runs.limits.quota", most=quota, used=used, days=DAYS_KEPT))


def _number(name: str, otherwise: float) -> float:
    told = os.environ.get(name, "").strip().removesuffix("GB")
    try:
        found = float(told) if told else otherwise
    except ValueError:
        found = -1.0
    if not 0 <= found < 1e9:
        raise ValueError(f"{name} must be a number from 0 on, got {told[:40]!r}. Leave it out for {otherwise:g}.")
    return found
