"""How long a run takes, by what earlier runs took, and when one that waits begins.

Nothing is guessed: there is no number where no earlier run is like the one that is asked about.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from core.augmentations import Untouched
from core.runs.queue_places import Place
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.statistics.samples import AT_ONCE

LOOKED_AT = 100  # of the last runs, for what they took
NEAREST = 5
ALIKE = 3.0  # how many times larger or smaller a run may be whose time is taken for another's
BLOCKS = "blocks"
TIMED = ("dataset", "sampler", "augmentation", "encoder", "schedule")  # what a training takes its time for


@dataclass(frozen=True)
class Cost:
    """What a run does; the times of runs that do the same are in the ratio of their sizes."""

    work: str
    size: float


@dataclass(frozen=True)
class Duration:
    """How many seconds a finished run took."""

    cost: Cost
    seconds: float


@dataclass(frozen=True)
class Estimates:
    """Seconds, or None where they are not known, by the durations of earlier runs of a store."""

    store: Store
    earlier: tuple[Duration, ...]

    def takes(self, row: Row) -> float | None:
        """What a run takes in all: the median of those nearest in size, each in proportion to its size."""
        cost = cost_of(self.store, row)
        if cost is None or not cost.size:
            return None
        ratios = [
            (cost.size / one.cost.size, one.seconds)
            for one in self.earlier
            if one.cost.work == cost.work and one.cost.size
        ]
        nearest = sorted((abs(math.log(ratio)), ratio * seconds) for ratio, seconds in ratios)[:NEAREST]
        alike = [seconds for distance, seconds in nearest if distance <= math.log(ALIKE)]
        return median(alike) if alike else None

    def left(self, row: Row) -> float | None:
        """Of a run at work: what its training says, what its blocks took so far, or what earlier runs took."""
        if not row.is_awaited:
            return row.seconds_left or None
        if block := self._block(row):
            return block * max(row.epochs - row.epoch, 0)
        in_all = self.takes(row)
        return None if in_all is None else max(in_all - seconds_since(row.started_at), 0.0)

    def until(self, place: Place) -> float | None:
        """Until a run at this place begins, where others are at work before it. What is awaited waits for one worker,
        which another may also have between two blocks; a training waits for as many as there are at work."""
        if not place.at_work:
            return None
        if not place.at_work[0].is_awaited:
            ends = _all_known(map(self.left, place.at_work))
            return sorted(ends)[place.number - 1] if ends and place.number <= len(ends) else None
        ends = _all_known(self._block(row) or self.left(row) for row in place.at_work)
        before = _all_known(map(self.takes, place.queued)) if place.is_near else None
        return None if ends is None or before is None else min(ends) + sum(before)

    def _block(self, row: Row) -> float | None:
        """What a block of much took so far; None of what is measured at once or has none yet."""
        cost = cost_of(self.store, row) if row.epoch else None
        took = row.took or seconds_since(row.started_at)
        return took / row.epoch if cost and cost.work == BLOCKS else None


def cost_of(store: Store, row: Row) -> Cost | None:
    """None where nobody has written down how much there is to do."""
    if not row.is_awaited:
        parts = {name: row.experiment.get(name) for name in TIMED}
        if parts["augmentation"] == Untouched().described():
            parts["augmentation"] = None  # as in runs from before there was any
        if isinstance(schedule := parts["schedule"], dict):
            parts["schedule"] = schedule | {"seed": None}
        return Cost(json.dumps(parts, sort_keys=True), 1.0)
    try:
        data = Run(store.folder(row.id)).record().known_data
    except (FileNotFoundError, ValueError):
        return None
    if data.pair_count is not None:
        return Cost("pairs", data.pair_count)
    count = data.evaluation_count
    return Cost(BLOCKS, count**2) if count > AT_ONCE else Cost("points", count)


def durations(store: Store) -> tuple[Duration, ...]:
    """Of the last runs that came to their end in one attempt."""
    rows = store.last_finished(LOOKED_AT)
    costs = [cost_of(store, row) for row in rows]
    return tuple(
        Duration(cost, row.took or _seconds(row.started_at, row.ended_at))
        for row, cost in zip(rows, costs, strict=True)
        if cost
    )


def seconds_since(when: str) -> float:
    """From a time of the store until now; wrong by as much as the clock was set meanwhile."""
    return _seconds(when, datetime.now(UTC).isoformat())


def _seconds(start: str, end: str) -> float:
    if not start or not end:
        return 0.0
    return max((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 0.0)


def _all_known(seconds: Iterable[float | None]) -> list[float] | None:
    found = list(seconds)
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None
