"""How far a command is and how long it may still take, on stderr; nothing of what is done in two seconds."""

from __future__ import annotations

import sys
import time

SILENT_SECONDS, TERMINAL_SECONDS, FILE_SECONDS = 2.0, 0.5, 10.0


class Progress:
    """Of work of known size, told piece by piece: one line, rewritten on a terminal, added to in a file."""

    def __init__(self, what: str, total: float) -> None:
        self._what, self._total, self._done = what, total, 0.0
        self._began, self._shown = time.monotonic(), 0.0
        self._is_terminal = sys.stderr.isatty()

    def did(self, amount: float) -> None:
        """So much more of the total is done."""
        self._done += amount
        now = time.monotonic()
        pause = TERMINAL_SECONDS if self._is_terminal else FILE_SECONDS
        if now - self._began < SILENT_SECONDS or (self._shown and now - self._shown < pause):
            return
        self._shown = now
        share = min(self._done / self._total, 1.0)
        left = f", about {(now - self._began) * (1 - share) / share:.0f} s left" if share else ""
        line = f"{self._what}: {share:.0%}{left}"
        print(f"\r\033[K{line}" if self._is_terminal else line, file=sys.stderr, end="" if self._is_terminal else "\n")
        sys.stderr.flush()

    def more(self, amount: float) -> None:
        """So much more is to do than was known."""
        self._total += amount

    def end(self) -> None:
        """Leave the terminal's line to whatever comes next."""
        if self._shown and self._is_terminal:
            print("\r\033[K", file=sys.stderr, end="", flush=True)
