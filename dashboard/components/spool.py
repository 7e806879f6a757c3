"""Contents that wait on the disk: what a figure has shown for hours is seldom asked for again, and too much to hold in
memory."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock
from typing import TypeAlias
from weakref import finalize


@dataclass(frozen=True, slots=True)
class Spooled:
    """A content in a spool; `bytes` reads it."""

    spool: Spool
    start: int
    length: int

    def __len__(self) -> int:
        return self.length

    def __bytes__(self) -> bytes:
        return self.spool.read(self.start, self.length)


Content: TypeAlias = bytes | Spooled


class Spool:
    """A file without a name, in the folder for temporary ones, that begins with the first of its contents and goes with
    the last."""

    def __init__(self) -> None:
        self._number, self._end, self._lock = -1, 0, Lock()

    def put(self, content: bytes) -> Content:
        """The content as it can be asked for later; itself where the disk takes no file, or has no room for it."""
        with self._lock, suppress(OSError):
            if self._number < 0:
                self._open()
            if os.pwrite(self._number, content, self._end) == len(content):
                self._end += len(content)
                return Spooled(self, self._end - len(content), len(content))
        return content

    def read(self, start: int, length: int) -> bytes:
        """Bytes as they were put, from that place in the file."""
        return os.pread(self._number, length, start)

    def _open(self) -> None:
        file = TemporaryFile(buffering=0)
        finalize(self, file.close)
        self._number = file.fileno()
