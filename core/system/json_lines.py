"""Files of JSON lines that grow: who looks again reads and parses only what is new."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, TypeVar

FILES_KEPT = 64
TAIL_BYTES = 256

Record = TypeVar("Record")
Gathered = TypeVar("Gathered")
Reader = Callable[[Any], Record]

_known: OrderedDict[tuple[Path, Reader[Any], Callable[[], Any]], _Read] = OrderedDict()
_lock = Lock()


@dataclass
class _Read:
    """What has been read of one file: `end` bytes, the last of which are `tail`, in whole lines."""

    records: Any
    file_number: int = -1
    end: int = 0
    tail: bytes = b""


def read_lines(path: Path, reader: Reader[Record]) -> list[Record]:
    """Every record of a file of JSON lines, as the reader makes it of a line's value; a line that a crash cut short is
    none, and a missing file has none.

    The list is the caller's own, the records in it are not to be changed. Raises what the reader raises.
    """
    return read_gathered(path, reader, list)


def read_gathered(path: Path, reader: Reader[Record], gather: Callable[[], Gathered]) -> Gathered:
    """The same, held in what `gather` makes, to which `+=` adds a list of records and `+` gives another with them."""
    key = path, reader, gather
    with _lock:
        try:
            with path.open("rb") as file:
                read = _known[key] = _continued(_known.pop(key, None) or _Read(gather()), file, gather)
                begun = _read_on(read, file, reader)
        except FileNotFoundError:
            return gather()
        if len(_known) > FILES_KEPT:
            _known.popitem(last=False)
        return read.records + begun


def _continued(read: _Read, file: BinaryIO, gather: Callable[[], Any]) -> _Read:
    """What was read before, or nothing where the file is another one now: rewinding a run writes its files anew."""
    file_number = os.fstat(file.fileno()).st_ino
    file.seek(read.end - len(read.tail))
    is_same = file_number == read.file_number and file.read(len(read.tail)) == read.tail
    return read if is_same else _Read(gather(), file_number)


def _read_on(read: _Read, file: BinaryIO, reader: Reader[Record]) -> list[Record]:
    """Take in the whole lines that are new; what a line not yet ended says already."""
    file.seek(read.end)
    content = file.read()
    lines, newline, begun = content.rpartition(b"\n")
    read.records += _parsed(lines, reader)
    read.end += len(lines) + len(newline)
    read.tail = (read.tail + lines + newline)[-TAIL_BYTES:]
    return _parsed(begun, reader)


def _parsed(lines: bytes, reader: Reader[Record]) -> list[Record]:
    values = []
    for line in lines.splitlines():
        try:
            values.append(json.loads(line))
        except ValueError:
            continue
    return [reader(value) for value in values]
