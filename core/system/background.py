"""A second thread that does what training leaves behind it, and steps back where there are too few cores for both."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

NICENESS = 10


class BackgroundWriter:
    """Does one thing after another on a second thread and waits when too far behind; what fails there fails here.

    What is to be done soon goes before what may be done later, but twice in a row at most while something asked for
    earlier waits. All that was asked for before a later thing is done before it, so a checkpoint finds everything
    before it written. The second thread steps back behind the first. After a failure nothing more is done: a checkpoint
    must not outlive the snapshots before it.
    """

    MOST_WAITING = 4
    IN_A_ROW = 2

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, initializer=_step_back)
        self.waiting: deque[Future[None]] = deque()
        self.soon: deque[tuple[int, Callable[[], None]]] = deque()
        self.later: deque[tuple[int, Callable[[], None]]] = deque()
        self.count = self.in_a_row = 0
        self.failed = False

    def __enter__(self) -> BackgroundWriter:
        return self

    def do(self, function: Callable[[Any], None], item: Any) -> None:
        """Queue a job; in the order of the calls, before what may come later."""
        self._queue(self.soon, partial(function, item))

    def do_later(self, function: Callable[[Any], None], item: Any) -> None:
        """Queue a job that lets `do` go first, up to IN_A_ROW of them."""
        self._queue(self.later, partial(function, item))

    def _queue(self, queue: deque[tuple[int, Callable[[], None]]], job: Callable[[], None]) -> None:
        self.count += 1
        queue.append((self.count, job))
        self.waiting.append(self.thread.submit(self._do_next))
        while len(self.waiting) > self.MOST_WAITING or (self.waiting and self.waiting[0].done()):
            self.waiting.popleft().result()

    def _do_next(self) -> None:
        if self.failed:
            return
        first = self.later and (not self.soon or self.later[0][0] < self.soon[0][0])
        take_later = first and (not self.soon or self.in_a_row >= self.IN_A_ROW)
        self.in_a_row = 0 if take_later else self.in_a_row + 1
        _, job = (self.later if take_later else self.soon).popleft()
        try:
            job()
        except BaseException:  # whatever it was: what waits may build on it, and `result` raises it in the caller
            self.failed = True
            raise

    def __exit__(self, *failure: object) -> None:
        try:
            while self.waiting and failure[0] is None:
                self.waiting.popleft().result()
        finally:
            self.thread.shutdown(cancel_futures=True)


def _step_back() -> None:
    """Let others go first on a busy machine, the updates before all.

    On Linux alone a thread can say so for itself. Niceness 10 is a tenth of the usual weight; 19 would be a hundredth,
    and a thread that is kept waiting with Python's lock in its hand keeps the updates waiting too.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may refuse
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
