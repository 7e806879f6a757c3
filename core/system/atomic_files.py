"""Files that are whole or absent: whoever reads one sees the old content or the new, never a part."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` under `path` at once; a full disk or a crash leaves what was there before."""
    with stream_bytes(path) as file:
        file.write(content)


@contextmanager
def stream_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file to write into piece by piece, which stands under `path` once all is written, as by `write_bytes`."""
    temporary = path.with_name(f".{path.name}.{token_hex(4)}.part")
    # Not by tempfile, whose files are their owner's alone, whatever the process wants.
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
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


def sweep(folder: Path, *, but: Collection[str] = ()) -> None:
    """Remove the parts that killed writers of this folder have left. Nobody may be writing there meanwhile, except to
    files of the names in `but`, whose parts stay."""
    for part in folder.glob(".*.part"):
        if part.name[1:].removesuffix(".part").rpartition(".")[0] not in but:
            part.unlink(missing_ok=True)


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
