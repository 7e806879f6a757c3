"""What the records of a run hold up to a checkpoint: on the disk before it, and the same when a run goes on from it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

RECORDS = ("steps.jsonl", "maps.jsonl", "snapshots.jsonl")


class Prefix(TypedDict):
    """The first bytes of a record: how many, and their SHA-256."""

    bytes: int
    sha256: str


class RecordDigests:
    """Of the records of one run folder, which grow; each byte is read once."""

    def __init__(self, folder: Path) -> None:
        self._read = {folder / name: _Read() for name in RECORDS}

    def up_to(self, step: int) -> dict[str, Prefix]:
        """Bring the records to the disk, and say what they hold up to this update, by name. Steps may not go back from
        call to call."""
        return {path.name: read.up_to(path, step) for path, read in self._read.items()}


class _Read:
    """What has been read of one record."""

    def __init__(self) -> None:
        self.bytes, self.digest = 0, hashlib.sha256()

    def up_to(self, path: Path, step: int) -> Prefix:
        if path.exists():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                file.seek(self.bytes)
                for line in file:
                    if not line.endswith(b"\n") or _step_of(line) > step:
                        break
                    self.digest.update(line)
                    self.bytes += len(line)
        return Prefix(bytes=self.bytes, sha256=self.digest.hexdigest())


def agree(folder: Path, records: Mapping[str, Prefix]) -> bool:
    """Whether the records in a run folder still begin with what `up_to` has said of them."""
    return all(_begins(folder / name, prefix) for name, prefix in records.items())


def _begins(path: Path, prefix: Prefix) -> bool:
    try:
        with path.open("rb") as file:
            content = file.read(prefix["bytes"])
    except FileNotFoundError:
        content = b""
    return hashlib.sha256(content).hexdigest() == prefix["sha256"]


def reach(folder: Path, step: int) -> bool:
    """Whether the updates in a run folder come as far as this one: all that is known of the records of checkpoints of
    earlier versions."""
    if step <= 0:
        return True
    try:
        lines = (folder / RECORDS[0]).read_bytes().splitlines()
    except FileNotFoundError:
        return False
    return any(_step_of(line) >= step for line in reversed(lines))


def _step_of(line: bytes) -> int:
    """The update that a line is of; one that a crash cut short is of none."""
    try:
        step = json.loads(line)["step"]
    except (ValueError, KeyError, TypeError):
        return -1
    return step if isinstance(step, int) else -1
