"""One attempt at a run: its jobs under way, what is still to be submitted, and what was heard of its end.

A run is first one job, the whole. Where that answers "parts" there is a job for each missing part, and when none is
missing the whole again, which gathers. All of it is one attempt, and the run has one end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.engine.cluster import Ended

WHOLE = ""  # the name of no part


@dataclass
class Attempt:
    """`waiting` are parts, or the whole, to be submitted in this order; `ends` is what was heard that ends it."""

    run_id: str
    number: int
    experiment: Mapping[str, Any]
    waiting: list[str] = field(default_factory=lambda: [WHOLE])
    jobs: dict[str, str] = field(default_factory=dict)  # key -> part
    ends: list[Ended] = field(default_factory=list)
    is_ending: bool = False  # its jobs have been asked to end
    is_awaited: bool = False  # somebody waits for it, as for what they brought
    began: float = field(default_factory=lambda: time.monotonic())
    kill_at: float = float("inf")  # monotonic time
    _submitted: int = 0
    _kept: float = 0.0

    def took(self) -> float:
        """Seconds so far, whatever the clock of the machine is set to meanwhile."""
        return time.monotonic() - self.began

    def next_key(self) -> str:
        """For the next job; no key is ever given twice."""
        return f"{self.run_id}-{self.number}-{self._submitted}"

    def begin(self, key: str) -> None:
        """The first of those that wait is under way."""
        self.jobs[key] = self.waiting.pop(0)
        self._submitted += 1

    def is_news(self, key: str, epoch: float) -> bool:
        """Whether a message tells progress. Parts count the results kept; a count that was overtaken does not."""
        if self.jobs[key] == WHOLE:
            return True
        is_news, self._kept = epoch >= self._kept, max(epoch, self._kept)
        return is_news

    def end(self, end: Ended) -> None:
        """A job is no longer under way; a part that is finished, or the whole that asks for parts, ends nothing."""
        part = self.jobs.pop(end.key)
        if _badness(end) or (part == WHOLE and end.answer != "parts"):
            self.ends.append(end)

    def wind_up(self) -> None:
        """Submit no more; what is under way has been asked to end."""
        self.is_ending = True
        self.waiting.clear()

    def is_over(self) -> bool:
        """Whether its last job has ended and no other will follow."""
        return not self.jobs and bool(self.ends or self.is_ending)

    def worst(self) -> Ended | None:
        """The end that counts, the first of equally bad ones; None where all jobs finished and yet it had to end."""
        return max(self.ends, key=_badness, default=None)


def run_of(key: str) -> str:
    """The id of the run that a job belongs to."""
    return key.partition("-")[0]


def _badness(end: Ended) -> int:
    """0 for a job that did what it should."""
    if end.is_out_of_memory:
        return 5
    if end.error:
        return 4
    if end.is_lost:
        return 3
    return {"stopped": 2, "paused": 1}.get(end.answer, 0)
