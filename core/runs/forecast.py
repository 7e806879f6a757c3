"""When the runs that are at work end, and when those that wait begin and end, by what earlier runs took.

Nothing is guessed: what stands behind a run of which nobody knows how long it takes has no time either.
"""

from __future__ import annotations

import heapq
import json
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.runs.durations import Estimates
from core.runs.run_row import Row


class Expected(NamedTuple):
    """Seconds from now, or None where they are not known; `begins` is 0 for what is at work."""

    begins: float | None
    ends: float | None


def forecast(estimates: Estimates, at_work: Sequence[Row], waiting: Iterable[Row], slots: int) -> dict[str, Expected]:
    """By the ids of the runs; `waiting` in the order of the queue. So many trainings are at work at a time, and one
    more worker takes what somebody waits for, one after the other."""
    found: dict[str, Expected] = {}
    free: dict[bool, list[float]] = {True: [], False: []}  # when each worker has nothing to do any more
    for row in at_work:
        left = estimates.left(row)
        found[row.id] = Expected(0.0, left)
        heapq.heappush(free[row.is_awaited], math.inf if left is None else left)
    for is_awaited, count in ((True, 1), (False, slots)):
        while len(free[is_awaited]) < count:
            heapq.heappush(free[is_awaited], 0.0)
    takes = _Takes(estimates)
    for row in waiting:
        begins, in_all = heapq.heappop(free[row.is_awaited]), takes.of(row)
        ends = math.inf if in_all is None else begins + in_all
        heapq.heappush(free[row.is_awaited], ends)
        found[row.id] = Expected(_known(begins), _known(ends))
    return found


def end_of(expected: Iterable[Expected | None]) -> float | None:
    """When the last of several runs ends; None where that is not known of each."""
    latest = 0.0
    for one in expected:
        if one is None or one.ends is None:
            return None
        latest = max(latest, one.ends)
    return latest


class _Takes:
    """How long runs take; of those whose settings are the same but for the seed it is looked up once."""

    def __init__(self, estimates: Estimates) -> None:
        self._estimates = estimates
        self._known: dict[str, float | None] = {}

    def of(self, row: Row) -> float | None:
        if row.is_awaited:
            return self._estimates.takes(row)
        experiment = dict(row.experiment)
        if isinstance(schedule := experiment.get("schedule"), dict):
            experiment["schedule"] = schedule | {"seed": None}
        key = json.dumps(experiment, sort_keys=True)
        if key not in self._known:
            self._known[key] = self._estimates.takes(row)
        return self._known[key]


def _known(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) else None
