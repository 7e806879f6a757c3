"""A disk that is full from a moment on, for the files of one folder: whatever asks for room there is refused."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NEW = os.O_CREAT | os.O_WRONLY


class FullDisk:
    """Counts what asks for room below `folder`: new files and folders, what is written, appended, renamed and brought
    to the disk. The first `room` of these get it; `refused` names the others."""

    def __init__(self, folder: Path, room: float = float("inf")) -> None:
        self.folder, self.room = str(folder), room
        self.refused: list[str] = []
        self._asked = count()
        self.asked = 0

    @contextmanager
    def mounted(self) -> Iterator[FullDisk]:
        """While files of this process lie on it."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("mkdir", "replace", "fsync"):
                patch.setattr(os, name, self._checked(name, getattr(os, name)))
            patch.setattr(os, "open", self._opening(os.open))
            patch.setattr(io, "open", self._appending(io.open))
            yield self

    def _ask(self, what: str, path: str) -> bool:
        """Whether there is room."""
        number = next(self._asked)
        self.asked = max(self.asked, number + 1)
        if number >= self.room:
            self.refused.append(f"{what} {Path(path).name}")
        return number < self.room

    def _is_here(self, path: object) -> bool:
        return str(path).startswith(self.folder)

    def _checked(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def checked(what: Any, *others: Any, **named: Any) -> Any:
            path = os.readlink(f"/proc/self/fd/{what}") if isinstance(what, int) else os.fspath(what)
            is_there = name == "mkdir" and os.path.exists(path)
            if self._is_here(path) and not is_there and not self._ask(name, path):
                raise full(path)
            return do(what, *others, **named)

        return checked

    def _opening(self, do: Callable[..., int]) -> Callable[..., int]:
        """As `os.open`; a file that is there needs no room to be opened."""

        def opening(path: Any, flags: int, *others: Any, **named: Any) -> int:
            is_new = flags & os.O_CREAT and self._is_here(path) and not os.path.exists(path)
            if is_new and not self._ask("open", os.fspath(path)):
                raise full(path)
            return do(path, flags, *others, **named)

        return opening

    def _appending(self, do: Callable[..., Any]) -> Callable[..., Any]:
        """As `open`; of what is appended where no room is left, half gets onto the disk."""

        def appending(file: Any, mode: str = "r", *others: Any, **named: Any) -> Any:
            if not mode.startswith("a") or not self._is_here(file):
                return do(file, mode, *others, **named)
            opened = do(file, mode, 0)
            return opened if self._ask("append", os.fspath(file)) else _HalfWritten(opened)

        return appending


class _HalfWritten:
    """A file of which half of every write arrives."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _HalfWritten:
        return self

    def __exit__(self, *failure: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        self._file.write(content[: len(content) // 2])
        raise full(self._file.name)


def full(path: object) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
