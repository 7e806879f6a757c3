"""A store with a real engine in its own process, for the tests that kill one; and a store that none may have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from filelock import FileLock

from core.engine.process import engine_process, ensure_engine, is_alive, stop_engine
from core.runs.run_row import Row
from core.runs.store import Store

PATIENCE = 300.0  # seconds; a condition that holds is seen at once, so this is paid only by a failing test


def eventually(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until the condition holds; `what` is said if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


@contextmanager
def without_engine(root: Path) -> Iterator[None]:
    """Hold the engine's lock of a store: its pages then believe that an engine is at work and start none."""
    (root / "engine").mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(root / "engine" / "lock"):
        yield


def is_gone(process: psutil.Process) -> bool:
    """Whether the process has ended; in a container nobody may fetch the status of an orphan that has."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Lab:
    """Runs by number; the engine's options are kept, so that it can be started again as it was."""

    def __init__(self, root: Path, *options: str) -> None:
        self.store = Store(root)
        self.options = options

    def ensure(self) -> None:
        ensure_engine(self.store.root, *self.options)

    def stop(self) -> None:
        stop_engine(self.store.root)

    def submit(self, number: int, **experiment: object) -> str:
        return self.store.submit({"epochs": 20} | experiment, f"{number:032x}", f"run {number}").id

    def until(self, run_id: str, *states: str) -> Row:
        """The row as soon as it is in one of the states; the engine is kept alive meanwhile, as an open page does."""

        def arrived() -> bool:
            self.ensure()
            return self.store.row(run_id).state in states

        eventually(arrived, f"{run_id} is {' or '.join(states)}, but it is {self.store.row(run_id)}")
        return self.store.row(run_id)

    def until_epoch(self, run_id: str, epoch: int) -> None:
        def reached() -> bool:
            self.ensure()
            return self.store.row(run_id).epoch >= epoch

        eventually(reached, f"{run_id} reaches epoch {epoch}")

    def release(self, *run_ids: str) -> None:
        """Let jobs go on that were submitted as `held`."""
        for run_id in run_ids:
            (self.store.folder(run_id) / "go").touch()

    def engine(self) -> psutil.Process:
        return psutil.Process(engine_process(self.store.root))

    def kill_engine(self) -> list[psutil.Process]:
        """`kill -9`; returns its workers, which may still be there."""
        engine = self.engine()
        family = engine.children(recursive=True)
        engine.kill()
        eventually(lambda: not is_alive(self.store.root), "the killed engine lets go of the store")
        return family

    def lines(self, run_id: str, name: str) -> list[str]:
        return (self.store.folder(run_id) / name).read_text().split()
