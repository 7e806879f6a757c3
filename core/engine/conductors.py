"""The processes that carry out comparisons that are asked for: one for each, started by the engine, none of which
outlives it (conducting.py)."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from core.comparison.asked import all_asked, take_back
from core.comparison.record import kept, rewrite
from core.system.locations import ROOT

MOST_STARTS = 3
LOOK_SECONDS = 2.0
GIVEN_UP = (
    "Given up after its process was ended {count} times, often by a system that is short of memory. Ask for it again "
    "with fewer strategies."
)
log = logging.getLogger("core.engine")


class Conductors:
    """Of one store. A process that ends before its comparison does is started again, and given up after a few times."""

    def __init__(self, root: Path, slots: int) -> None:
        self._root, self._slots = root, slots
        self._at_work: dict[str, subprocess.Popen[bytes]] = {}
        self._starts: dict[str, int] = {}
        self._looked = float("-inf")

    def step(self) -> bool:
        """Start what is missing, at most every other second; whether any is at work or to be started. Raises OSError
        where the system has no room for a process or for what is to be written, and tries the same with the next call.
        """
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            wanted = set(all_asked(self._root))
            for comparison_id in wanted:
                self._see_to(comparison_id)
            for comparison_id in self._at_work.keys() - wanted:
                if self._at_work[comparison_id].poll() is not None:
                    del self._at_work[comparison_id]
            for comparison_id in self._starts.keys() - wanted:  # asked for again, it may be started as often again
                del self._starts[comparison_id]
            self._looked = time.monotonic()
        return self.are_busy

    @property
    def are_busy(self) -> bool:
        """Whether any is at work or to be started, as of the last step."""
        return bool(self._at_work)

    def close(self) -> None:
        """End all of them; what they have asked for stays asked for."""
        for process in self._at_work.values():
            process.terminate()
        for process in self._at_work.values():
            process.wait()
        self._at_work.clear()

    def _see_to(self, comparison_id: str) -> None:
        process = self._at_work.get(comparison_id)
        if process is not None and process.poll() is None:
            return
        starts = self._starts.get(comparison_id, 0)
        if starts == MOST_STARTS:
            self._give_up(comparison_id)
            return
        words = [sys.executable, "-m", "core.engine.conducting", "--store", str(self._root), comparison_id]
        words += ["--slots", str(self._slots), "--engine", str(os.getpid())]
        self._at_work[comparison_id] = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL)
        self._starts[comparison_id] = starts + 1
        log.info("process %d carries out the comparison %s", self._at_work[comparison_id].pid, comparison_id)

    def _give_up(self, comparison_id: str) -> None:
        if (comparison := kept(self._root, comparison_id)) is not None:
            rewrite(self._root, replace(comparison, problem=GIVEN_UP.format(count=MOST_STARTS)))
        take_back(self._root, comparison_id)
        self._starts.pop(comparison_id)
        log.warning("the comparison %s is given up", comparison_id)
