"""The engine's side of the exchange: offers to jobs, their deliveries, and requests, each job's in their order.

Threads do it beside the engine's loop, which only looks: a slow file system holds up no other run and no request.
"""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.runs.deliveries import needed, offer, take_in
from core.runs.exchange import UNREACHABLE, Exchange

if TYPE_CHECKING:
    from core.engine.cluster import Ended

THREADS = 4
RETRY_SECONDS = 1.0
GIVE_UP_SECONDS = 60.0
log = logging.getLogger("core.engine")


@dataclass
class _Carriage:
    """What goes to and fro for one job. `told` deliveries were heard of and `taken` are in the store; `doing` says what
    its one thread does."""

    folder: Path
    experiment: Mapping[str, Any]
    is_offered: bool = False
    wanted: str = "run"
    told: int = 0
    taken: int = 0
    doing: str = ""
    work: Future[None] | None = None
    problem: BaseException | None = None
    failing_since: float = 0.0
    retry_at: float = 0.0
    is_given_up: bool = False

    def has_failed(self) -> bool:
        """Whether it has come to nothing for long."""
        return self.problem is not None and time.monotonic() - self.failing_since > GIVE_UP_SECONDS


class Transfers:
    """Of all jobs under way, by their keys."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._pool = ThreadPoolExecutor(THREADS, "exchange")
        self._carriages: dict[str, _Carriage] = {}
        self._there: set[str] = set()  # digests of files that were put where offers find them

    def begin(self, key: str, folder: Path, experiment: Mapping[str, Any]) -> None:
        """Offer a job the run folder, and what else of the store it needs."""
        self._carriages[key] = _Carriage(folder, experiment)
        self.look()

    def hear(self, key: str, number: int) -> None:
        """A job has told of a delivery."""
        if carriage := self._carriages.get(key):
            carriage.told = max(carriage.told, number)

    def look(self) -> None:
        """See what has come to an end, and go on with what is next for each job."""
        for key, carriage in self._carriages.items():
            if carriage.work and carriage.work.done():
                self._note(key, carriage, carriage.work)
            if carriage.work is None and time.monotonic() >= carriage.retry_at:
                self._go_on(key, carriage)

    def given_up(self) -> list[str]:
        """The jobs for which the exchange has not answered for long, each named once."""
        failed = [key for key, carriage in self._carriages.items() if carriage.has_failed()]
        failed = [key for key in failed if not self._carriages[key].is_given_up]
        for key in failed:
            self._carriages[key].is_given_up = True
        return failed

    def settled(self, end: Ended) -> Ended | None:
        """The end of a job once all that it has delivered is in the store; None before."""
        carriage = self._carriages.get(end.key)
        if carriage is None:
            return end
        answer, _, count = end.answer.partition(" ")
        carriage.told = max(carriage.told, int(count or 0))
        if carriage.has_failed() and not carriage.work:
            return self._leave(replace(end, answer="", error=_in_words(carriage.problem), is_lost=False))
        if carriage.work or carriage.taken < carriage.told:
            return None
        return self._leave(replace(end, answer=answer))

    def close(self) -> None:
        """Take no more; what is in the exchange is of no use to anybody then."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _leave(self, end: Ended) -> Ended:
        del self._carriages[end.key]
        self._pool.submit(self._clear, f"jobs/{end.key}")
        return end

    def _clear(self, name: str) -> None:
        try:
            self._exchange.remove(name)
        except UNREACHABLE as problem:
            log.warning("%s could not be removed from the exchange: %s", name, problem)

    def _go_on(self, key: str, carriage: _Carriage) -> None:
        wanted = _wanted_in(carriage.folder)
        if not carriage.is_offered:
            carriage.doing = "offer"
            carriage.work = self._pool.submit(self._offer, key, carriage)
        elif wanted != carriage.wanted:
            carriage.doing = wanted
            carriage.work = self._pool.submit(self._exchange.put, f"jobs/{key}/wanted", wanted.encode())
        elif carriage.taken < carriage.told:
            carriage.doing = "take in"
            number = carriage.taken + 1
            carriage.work = self._pool.submit(take_in, self._exchange, key, number, carriage.folder)

    def _offer(self, key: str, carriage: _Carriage) -> None:
        root, folder = carriage.folder.parents[1], f"runs/{carriage.folder.name}"
        offer(self._exchange, key, root, [folder, *needed(carriage.experiment)], self._there)

    def _note(self, key: str, carriage: _Carriage, work: Future[None]) -> None:
        carriage.work, now = None, time.monotonic()
        if (problem := work.exception()) is None:
            carriage.problem = None
            carriage.is_offered |= carriage.doing == "offer"
            carriage.taken += carriage.doing == "take in"
            carriage.wanted = carriage.wanted if carriage.doing in ("offer", "take in") else carriage.doing
            return
        if not isinstance(problem, (*UNREACHABLE, ValueError)):
            raise problem
        if carriage.problem is None:
            log.warning("job %s: %s does not succeed, and is tried again: %s", key, carriage.doing, problem)
            carriage.failing_since = now
        carriage.problem, carriage.retry_at = problem, now + RETRY_SECONDS


def _wanted_in(folder: Path) -> str:
    """What the engine wants of the run; nothing new where its folder is gone, which its job will come to know."""
    try:
        return (folder / "wanted").read_text()
    except FileNotFoundError:
        return "run"


def _in_words(problem: BaseException | None) -> BaseException:
    if isinstance(problem, ValueError) or (
        isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
    ):
        return problem
    return ValueError(
        f"the exchange must answer the engine within {GIVE_UP_SECONDS:g} seconds, got {type(problem).__name__}: "
        f"{problem}. Look at METRIC_LAB_EXCHANGE, then resume the run: what has arrived is whole."
    )
