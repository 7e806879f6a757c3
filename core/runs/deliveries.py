"""Offers and deliveries: a store of its own is made like what an engine offers, and a run folder of the engine like
what a worker has written in its own.

A folder is read with what stands for other files first (core/runs/run_folder.py: records, the manifest of checkpoints,
the result), and written with that last. So whatever was taken in is what a killed writer may have left on one disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypedDict

from core.runs.exchange import OFFER, UNREACHABLE, Exchange, File, checked_name, file_of
from core.runs.record_digests import RECORDS

OF_ENGINE = {"state.json", "entry.json", "wanted"}
# In this order read, before all others, and in the opposite one written.
NAMING_CHECKPOINTS = ("checkpoints/manifest.json", "checkpoints/healthy.json")
STANDING_FOR_OTHERS = ("digests.json", "result.json", "run.json", *NAMING_CHECKPOINTS, *RECORDS)
MOST_LOOKS = 20


class Piece(File):
    """A file that was written anew, or, from `offset` on, what was added to a record."""

    name: str
    offset: int


class Delivery(TypedDict):
    """`gone` are the names of files that were removed."""

    pieces: list[Piece]
    gone: list[str]


class _Stamp(NamedTuple):
    number: int
    size: int
    changed: int


def needed(experiment: Mapping[str, Any]) -> list[str]:
    """The folders of the store, beside its own, that a run reads: an admitted set, a network that somebody brought."""
    parts = (("data", "dataset", "brought", "data"), ("models", "encoder", "brought-network", "model"))
    found = []
    for home, family, kind, parameter in parts:
        part = experiment.get(family)
        if isinstance(part, dict) and part.get("kind") == kind and part.get(parameter):
            found.append(checked_name(f"{home}/{part[parameter]}"))
    return found


def offer(exchange: Exchange, key: str, root: Path, folders: list[str], there: set[str]) -> None:
    """Offer a job the files of these folders of the store. `there` are the digests of files that are there already, and
    is added to."""
    files: dict[str, File] = {}
    for folder in folders:
        for name in _names(root / folder):
            path = root / folder / name
            file = file_of(path)
            if file["bytes"] and file["sha256"] not in there:
                exchange.put_file(f"files/{file['sha256']}", path)
                if file_of(path) != file:
                    raise OSError(f"{path} changed while it was offered")
                there.add(file["sha256"])
            files[f"{folder}/{name}"] = file
    exchange.put_json(f"jobs/{key}/{OFFER}", {"files": files})


def take_up(exchange: Exchange, key: str, root: Path, folders: list[str]) -> None:
    """Make these folders of a store like what is offered; a file that is there already is not fetched. Raises OSError
    as long as nothing is offered."""
    files = exchange.get_json(f"jobs/{key}/{OFFER}")["files"]
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in _names(root / folder):
            if f"{folder}/{name}" not in files:
                (root / folder / name).unlink()
    for name, file in files.items():
        path = root / checked_name(name)
        if not path.exists() or file_of(path) != file:
            exchange.get_whole(f"files/{file['sha256']}", file, path)


class Outbox:
    """What a job writes in a run folder that is like the engine's, told delivery by delivery. One thread delivers."""

    def __init__(self, exchange: Exchange, key: str, folder: Path) -> None:
        self._exchange, self._key, self._folder = exchange, key, folder
        self._leaving = folder.with_name(f"{folder.name}.leaving")
        self._known = {name: stamp for name in self._own() if (stamp := _stamp(folder / name))}
        self.number = 0

    def deliver(self) -> bool:
        """Deliver what has changed; whether anything has. Raises OSError where that does not succeed, and delivers the
        same with the next call."""
        try:
            stamps, pieces = self._collected()
            gone = [name for name in self._known if name not in stamps]
            if not pieces and not gone:
                return False
            for index, piece in enumerate(pieces):
                if piece["bytes"]:
                    self._exchange.put_file(
                        f"jobs/{self._key}/{self.number + 1}/{index}", self._leaving / piece["sha256"]
                    )
            self._exchange.put_json(f"jobs/{self._key}/{self.number + 1}.json", {"pieces": pieces, "gone": gone})
        finally:
            shutil.rmtree(self._leaving, ignore_errors=True)
        self.number, self._known = self.number + 1, stamps
        return True

    def _collected(self) -> tuple[dict[str, _Stamp], list[Piece]]:
        """What the folder holds at one moment, and what of it is new, put aside for the way; again where a checkpoint
        was written meanwhile, which removes earlier ones."""
        for _ in range(MOST_LOOKS):
            shutil.rmtree(self._leaving, ignore_errors=True)
            self._leaving.mkdir()
            before = [_stamp(self._folder / name) for name in NAMING_CHECKPOINTS]
            stamps, pieces = dict[str, _Stamp](), list[Piece]()
            for name in self._own():
                known = self._known.get(name)
                if (stamp := _stamp(self._folder / name)) and stamp != known:
                    piece, stamp = self._put_aside(name, known)
                    pieces += [piece] if piece["bytes"] or not piece["offset"] else []
                if stamp:
                    stamps[name] = stamp
            if before == [_stamp(self._folder / name) for name in NAMING_CHECKPOINTS]:
                return stamps, pieces
        raise OSError(f"{self._folder} changed each time that it was looked at")

    def _own(self) -> Iterator[str]:
        """What stands for others first; the others are looked for after that was read."""
        yield from (name for name in STANDING_FOR_OTHERS if (self._folder / name).exists())
        yield from (name for name in _names(self._folder) if name not in {*OF_ENGINE, *STANDING_FOR_OTHERS})

    def _put_aside(self, name: str, known: _Stamp | None) -> tuple[Piece, _Stamp]:
        """The whole file, or of a record that grows what was added, up to its last whole line."""
        if name not in RECORDS:
            aside = self._leaving / name.replace("/", "-")
            stamp = _stamp_of((self._folder / name).stat())
            shutil.copyfile(self._folder / name, aside)  # which cannot change any more
            file = file_of(aside)
            os.replace(aside, self._leaving / file["sha256"])
            return Piece(name=name, offset=0, bytes=file["bytes"], sha256=file["sha256"]), stamp
        with (self._folder / name).open("rb") as record:
            stamp = _stamp_of(os.fstat(record.fileno()))
            offset = known.size if known and known.number == stamp.number and known.size <= stamp.size else 0
            record.seek(offset)
            content = record.read(stamp.size - offset)
        content = content[: content.rfind(b"\n") + 1]
        digest = hashlib.sha256(content).hexdigest()
        (self._leaving / digest).write_bytes(content)
        piece = Piece(name=name, offset=offset, bytes=len(content), sha256=digest)
        return piece, stamp._replace(size=offset + len(content))


def take_in(exchange: Exchange, key: str, number: int, folder: Path) -> None:
    """Write a delivery into the run folder of the engine, in an order that makes a whole of every prefix; again, it
    comes to the same. Raises OSError where it is not all there yet, ValueError where it is none."""
    delivery = _delivery_of(exchange.get_json(f"jobs/{key}/{number}.json"))
    for index, piece in reversed(list(enumerate(delivery["pieces"]))):
        path, place = folder / _checked(piece["name"]), f"jobs/{key}/{number}/{index}"
        file = File(bytes=piece["bytes"], sha256=piece["sha256"])
        if piece["offset"]:
            _add(path, piece["offset"], exchange.get_piece(place, file))
        else:
            exchange.get_whole(place, file, path)
    for name in delivery["gone"]:
        (folder / _checked(name)).unlink(missing_ok=True)
    with suppress(*UNREACHABLE):  # what stays goes with the job
        exchange.remove(f"jobs/{key}/{number}")


def _delivery_of(written: Mapping[str, Any]) -> Delivery:
    pieces, gone = written.get("pieces"), written.get("gone")
    if not (isinstance(pieces, list) and all(map(_is_piece, pieces))) or not (
        isinstance(gone, list) and all(isinstance(name, str) for name in gone)
    ):
        raise ValueError(
            "a delivery must list its pieces and what is gone, got another. Update the worker's Metric Lab."
        )
    return Delivery(pieces=pieces, gone=gone)


def _is_piece(written: object) -> bool:
    if not isinstance(written, dict):
        return False
    counts = [written.get(name) for name in ("offset", "bytes")]
    words = [written.get(name) for name in ("name", "sha256")]
    return all(isinstance(one, int) and one >= 0 for one in counts) and all(isinstance(one, str) for one in words)


def _checked(name: str) -> str:
    """The name of a file that a worker may write."""
    path = PurePosixPath(checked_name(name))
    if path.as_posix() != name:
        raise ValueError(f"a worker must name a file as its folder does, got {name[:80]!r}. Update its Metric Lab.")
    if path.parts[0] in OF_ENGINE:
        raise ValueError(f"a worker must leave {name} to the engine, got a delivery of it. Update its Metric Lab.")
    return name


def _add(path: Path, offset: int, content: bytes) -> None:
    """Make a record go on with this after its first `offset` bytes, and bring it to the disk."""
    with path.open("r+b") as file:
        if file.seek(0, os.SEEK_END) < offset:
            raise OSError(f"{path} is shorter than what is to be added to")
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _names(folder: Path) -> list[str]:
    """The files below a folder; neither locks nor what is still being written."""
    found = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in found)
    return sorted(name for name in names if not name.rpartition("/")[2].startswith(".") and not name.endswith(".lock"))


def _stamp(path: Path) -> _Stamp | None:
    try:
        return _stamp_of(path.stat())
    except FileNotFoundError:
        return None


def _stamp_of(found: os.stat_result) -> _Stamp:
    return _Stamp(found.st_ino, found.st_size, found.st_mtime_ns)
