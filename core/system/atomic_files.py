"""Files that are whole or absent: whoever reads one sees the old content or the new, never a part."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` under `path` at once; a full disk or a crash leaves what was there before."""
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:  # a full disk or Ctrl-C alike: the part must not stay, and whoever asked hears of it
        os.unlink(temporary)
        raise
    _keep_name(path.parent)


def write_json(path: Path, value: Any) -> None:
    """As `write_bytes`; refuses NaN and infinity, which are not JSON."""
    write_bytes(path, (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def append_line(path: Path, line: str) -> None:
    """Add one line in one write; a line that a crash cut short is closed first, so that only that one is lost."""
    with path.open("ab+") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            line = line if file.read(1) == b"\n" else "\n" + line
        file.write(line.encode() + b"\n")


def _keep_name(folder: Path) -> None:
    """Make a rename survive a power cut, where the system lets a folder be synchronised."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
