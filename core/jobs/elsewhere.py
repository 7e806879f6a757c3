"""A job in a worker that shares no folder with the engine: it has a store of its own for as long as the process lives.

What it needs comes through the exchange (core/runs/deliveries.py) before it begins; what it writes goes out while it
works, and requests come in. A killed worker loses what came after its last delivery, a second or so.
"""

from __future__ import annotations

import logging
import os
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import cache, partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from core.jobs.worker import request, run_job
from core.records.messages import Send
from core.runs.deliveries import Outbox, needed, take_up
from core.runs.exchange import OFFER, UNREACHABLE, Exchange
from core.runs.states import WANTED
from core.system.locations import store_root

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 60.0  # without the exchange, before and after the work itself
log = logging.getLogger("core.worker")


def run_elsewhere(
    send: Send,
    exchange: tuple[str, str],
    key: str,
    is_wanted: Callable[[str], bool],
    job: str,
    run_id: str,
    experiment: Mapping[str, Any],
    device: str,
    part: str = "",
) -> str:
    """As `run_job`, in a run folder of this worker's own; its answer, and how many deliveries there were.

    `exchange` is its address, where METRIC_LAB_EXCHANGE does not name another of the same folder, and the place of the
    engine in it. `is_wanted(key)` says whether whoever asked for the job is still there.
    """
    address, space = exchange
    meeting = Exchange(f"{os.environ.get('METRIC_LAB_EXCHANGE') or address}/{space}")
    root, folder = _own_store(), f"runs/{run_id}"
    folders = [folder, *needed(experiment)]
    _tidy(root, folders)
    context = copy_context()  # in which Dask knows its worker, in another thread, too
    is_awaited = partial(context.run, is_wanted, key)
    _await_offer(meeting, key, is_awaited)
    _patiently(lambda: take_up(meeting, key, root, folders))
    courier = _Courier(meeting, key, root / folder, send, is_awaited)
    courier.start()
    try:
        answer = run_job(send, job, str(root / folder), experiment, device, part)
    finally:
        courier.end()
    return f"{answer} {courier.outbox.number}"


class _Courier(Thread):
    """Beside the job: carries out what it writes, and in what is wanted of it."""

    def __init__(self, exchange: Exchange, key: str, folder: Path, send: Send, is_wanted: Callable[[], bool]) -> None:
        super().__init__(name="courier", daemon=True)
        self._exchange, self._key, self._folder, self._send = exchange, key, folder, send
        self._is_wanted, self._over, self._wanted, self._told = is_wanted, Event(), "run", ""
        self.outbox = Outbox(exchange, key, folder)
        request(folder, "run")

    def run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            try:
                self._listen()
                self._deliver()
                self._told = ""
            except (*UNREACHABLE, ValueError) as problem:  # the job goes on, and the next look tries again
                if (told := f"{type(problem).__name__}: {problem}") != self._told:
                    log.warning("the exchange does not answer, and is tried again: %s", told)
                self._told = told

    def end(self) -> None:
        """Deliver the last that the job has written. Raises ValueError where the exchange does not take it."""
        self._over.set()
        self.join()
        _patiently(self._deliver)

    def _deliver(self) -> None:
        if self.outbox.deliver():
            self._send({"delivery": self.outbox.number})

    def _listen(self) -> None:
        wanted = self._asked() if self._is_wanted() else "pause"
        if wanted != self._wanted and wanted in WANTED:  # else it is half written
            request(self._folder, wanted)
            self._wanted = wanted

    def _asked(self) -> str:
        try:
            return self._exchange.get(f"jobs/{self._key}/wanted").decode()
        except FileNotFoundError:
            return "run"


def _await_offer(exchange: Exchange, key: str, is_wanted: Callable[[], bool]) -> None:
    """Much data take the engine long to bring; it says itself where it cannot."""
    while is_wanted():
        try:
            exchange.get_json(f"jobs/{key}/{OFFER}")
            return
        except FileNotFoundError:
            time.sleep(LOOK_SECONDS / 4)
        except UNREACHABLE:
            return  # `_patiently` says it


def _patiently(work: Callable[[], None]) -> None:
    """Do what needs the exchange, again and again for a while where that does not answer, or has not all of it yet."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except UNREACHABLE as problem:
            if time.monotonic() > until:
                raise ValueError(
                    f"the exchange must answer a worker within {PATIENCE_SECONDS:g} seconds, got "
                    f"{type(problem).__name__}: {problem}. Look at METRIC_LAB_EXCHANGE there, then resume the run."
                ) from None
        time.sleep(LOOK_SECONDS / 4)


@cache
def _own_store() -> Path:
    """Below the folder that METRIC_LAB_STORE names, which need not be this process's alone; those of processes that
    were killed are removed. From now on it is the store of all that runs in this process."""
    home, here = store_root() / "scratch", platform.node()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in home.glob(f"{here}-*"):
        process = folder.name.removeprefix(f"{here}-")
        if process.isdecimal() and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)
    root = (home / f"{here}-{os.getpid()}").absolute()
    os.environ["METRIC_LAB_STORE"] = str(root)
    return root


def _tidy(root: Path, folders: list[str]) -> None:
    """Keep what this job needs alone, such as the data set of the last one."""
    for folder in root.glob("*/*"):
        if folder.relative_to(root).as_posix() not in folders:
            shutil.rmtree(folder)
