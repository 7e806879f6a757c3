"""How many pages are drawn at a time: others wait their turn, asleep.

Python lets one thread work at a time. Of thirty that all want to, each wakes up every millisecond to ask for its turn,
and what hands out news and frames comes after all of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

AT_A_TIME = 2


class Turns:
    """So many threads at a time, first come, first served; one that has its turn has it for all that it does within."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._free, self._own = threading.Semaphore(at_a_time), threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and give it back."""
        if getattr(self._own, "has_turn", False):
            yield
            return
        with self._free:
            self._own.has_turn = True
            try:
                yield
            finally:
                self._own.has_turn = False

    def rest(self, seconds: float) -> None:
        """Let others have the turn for so long, and wait for it again."""
        if not getattr(self._own, "has_turn", False):
            time.sleep(seconds)
            return
        self._free.release()
        try:
            time.sleep(seconds)
        finally:
            self._free.acquire()


OF_PAGES = Turns()  # of this process
