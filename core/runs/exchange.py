"""What runs need and write, on its way to workers that share no folder with the store, and back: a folder of any file
system that fsspec knows.

jobs/<key>/offer.json        names, sizes and digests of what a job finds in a store of its own; written last
jobs/<key>/wanted            run, pause or stop
jobs/<key>/<number>/         what the job has written since its last delivery, one file for each piece
jobs/<key>/<number>.json     names, sizes and digests of these pieces; written last
files/<sha256>               what offers name

What: every file is named elsewhere by size and digest, and none is taken that does not fit them. Why: few remote file
systems rename in one step, and a writer may be killed at any byte. Refused: locks, which they have even less often; a
job has a folder of its own instead, so that an orphan and its successor never meet.
"""

from __future__ import annotations

import ftplib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, TypedDict, TypeVar

import fsspec

CHUNK = 1 << 20
BLOCK = 1 << 22
OFFER = "offer.json"
TRIAL = b"Metric Lab"
# fsspec lets those of FTP, which are no OSError, through as they are.
UNREACHABLE = ftplib.all_errors
UNOPENED = (ImportError, ValueError)

Result = TypeVar("Result")


class File(TypedDict):
    """What a file holds."""

    bytes: int
    sha256: str


class Exchange:
    """One folder, by its address: file:///mnt/lab, ftp://name:word@host/lab, s3://bucket/lab. Any thread may call: each
    has a connection of its own, and another one after it broke."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._mine = threading.local()

    def check(self) -> None:
        """Raise ValueError where nothing can be written there and read again."""
        try:
            self.put("trial", TRIAL)
            found = self.get("trial")
            self.remove("trial")
        except (*UNREACHABLE, ImportError, ValueError) as problem:
            raise ValueError(
                f"METRIC_LAB_EXCHANGE must be the address of a folder that can be written to, got {self._harmless} "
                f"({type(problem).__name__}: {problem}). Name another, or install what its file system needs."
            ) from None
        if found != TRIAL:
            raise ValueError(
                f"METRIC_LAB_EXCHANGE must give back what was written, got other bytes from {self._harmless}. "
                "Name another folder."
            )

    def put(self, name: str, content: bytes) -> None:
        """Write a file, in as many steps as the file system takes: its reader must know what it should be."""
        self._do(name, lambda system, path: system.pipe_file(path, content), makes_folder=True)

    def put_file(self, name: str, source: Path) -> None:
        """As `put`, without holding the file in memory."""
        self._do(name, lambda system, path: system.put_file(str(source), path), makes_folder=True)

    def get(self, name: str) -> bytes:
        """What is there now, perhaps half of it. Raises FileNotFoundError where there is none."""
        return self._do(name, lambda system, path: bytes(system.cat_file(path)))

    def get_whole(self, name: str, expected: File, target: Path) -> None:
        """Put a file under `target` once all of it is there. Raises OSError where it is not what is expected."""
        target.parent.mkdir(parents=True, exist_ok=True)
        arriving = target.with_name(f".{target.name}.{token_hex(4)}.part")
        try:
            if expected["bytes"]:
                self._do(name, lambda system, path: system.get_file(path, str(arriving)))
            else:
                arriving.touch()  # some file systems have no empty files
            if file_of(arriving) != expected:
                raise _unlike(name)
            with arriving.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(arriving, target)
        finally:
            arriving.unlink(missing_ok=True)

    def get_piece(self, name: str, expected: File) -> bytes:
        """What a file holds once all of it is there. Raises OSError where it is not what is expected."""
        content = self.get(name) if expected["bytes"] else b""
        if hashlib.sha256(content).hexdigest() != expected["sha256"]:
            raise _unlike(name)
        return content

    def get_json(self, name: str) -> Any:
        """What a JSON object holds; half of one is none. Raises OSError where there is none yet."""
        try:
            found = json.loads(self.get(name))
        except (ValueError, RecursionError):
            raise _unlike(name) from None
        if not isinstance(found, dict):
            raise _unlike(name)
        return found

    def put_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write an object that `get_json` takes whole or not at all."""
        self.put(name, json.dumps(value).encode())

    def remove(self, name: str) -> None:
        """Remove a file or a folder, if there is one."""

        def remove(system: Any, path: str) -> None:
            if system.exists(path):
                system.rm(path, recursive=system.isdir(path))

        self._do(name, remove)

    @property
    def _harmless(self) -> str:
        """The address without a password."""
        scheme, separator, rest = self.address.partition("://")
        return scheme + separator + rest.rpartition("@")[2]

    def _do(
        self,
        name: str,
        work: Callable[[Any, str], Result],
        *,
        makes_folder: bool = False,
        again: bool = True,
    ) -> Result:
        """Work on a file; once more by a new connection where this one has been closed meanwhile. Each file system has
        errors of its own, which become OSError; those of an address that none can be opened for stay as they are."""
        checked_name(name)
        try:
            system, root = self._opened()
            if makes_folder:
                system.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
            return work(system, f"{root}/{name}")
        except FileNotFoundError:
            raise
        except Exception as problem:
            is_open = hasattr(self._mine, "opened")
            self._mine.__dict__.clear()
            if not again and (isinstance(problem, UNREACHABLE) or not is_open and isinstance(problem, UNOPENED)):
                raise
            if not again:
                raise OSError(f"{type(problem).__name__}: {problem}") from problem
        return self._do(name, work, makes_folder=makes_folder, again=False)

    def _opened(self) -> tuple[Any, str]:
        """The file system, as this thread has it, and the path of the folder there."""
        if not hasattr(self._mine, "opened"):
            # Listings are never kept: others write there.
            self._mine.opened = fsspec.url_to_fs(self.address, use_listings_cache=False, skip_instance_cache=True)
            # Of FTP alone these are small, and each costs a connection.
            self._mine.opened[0].blocksize = max(self._mine.opened[0].blocksize, BLOCK)
        system, root = self._mine.opened
        return system, root.rstrip("/")


def file_of(path: Path) -> File:
    """What a file holds now."""
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        while content := file.read(CHUNK):
            digest.update(content)
            count += len(content)
    return File(bytes=count, sha256=digest.hexdigest())


def checked_name(name: str) -> str:
    """The name itself; one that leads out of its folder is refused, since others may have written it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise ValueError(
            f"a file of the exchange must lie in its folder, got {name[:80]!r}. Let nobody else write there."
        )
    return name


def _unlike(name: str) -> OSError:
    return OSError(f"{name} in the exchange is not, or not yet, what was written")
