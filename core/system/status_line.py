"""One line that says how far something is, for commands that take minutes. Standard library alone."""

from __future__ import annotations

import sys
import time

REPEAT_SECONDS = 20.0


class StatusLine:
    """Rewritten on a terminal; where the output goes into a file, a new line now and then."""

    def __init__(self) -> None:
        self._shown, self._shown_at = "", float("-inf")

    def show(self, text: str) -> None:
        """Write the text over the last one; outside a terminal now and then a line of its own."""
        now = time.monotonic()
        if sys.stdout.isatty():
            print(f"\r\033[K{text}", end="", flush=True)
        elif text != self._shown and now - self._shown_at >= REPEAT_SECONDS:
            print(text, flush=True)
            self._shown, self._shown_at = text, now

    def end(self, text: str) -> None:
        """The last line, which stays."""
        print(f"\r\033[K{text}" if sys.stdout.isatty() else text, flush=True)
