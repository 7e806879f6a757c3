"""Many hand-ins at once: out of a folder, out of files and zip archives; what cannot be read is named, with why."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.lessons.handin import MOST_BYTES, HandIn, read
from core.system.atomic_files import write_bytes

MOST_FILES = 2000
ENDING = ".json"


@dataclass(frozen=True)
class Unreadable:
    """A file that is no hand-in, by its name, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class HandedIn:
    """The hand-ins by the names of their files, in the order of these, and the files that are none."""

    handed: dict[str, HandIn]
    unreadable: tuple[Unreadable, ...]

    def __add__(self, other: HandedIn) -> HandedIn:
        """Both together; of two files of one name the later one counts."""
        return HandedIn(self.handed | other.handed, self.unreadable + other.unreadable)


def keep(folder: Path, name: str, handed: HandIn) -> Path:
    """Write a hand-in into a folder, in place of an earlier one of this name; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{ENDING}"
    write_bytes(path, handed.written().encode())
    return path


def in_folder(folder: Path) -> HandedIn:
    """All of a folder, not of those in it. Raises ValueError where it is no folder, or one with very many files."""
    if not folder.is_dir():
        raise ValueError(f"the folder of hand-ins must be there, got {folder}. Check the path.")
    paths = [path for path in sorted(folder.iterdir()) if path.name.lower().endswith((ENDING, ".zip"))]
    if len(paths) > MOST_FILES:
        raise ValueError(f"a folder of hand-ins must have at most {MOST_FILES} files, got {len(paths)}. Split it.")
    return of_files((path.name, path) for path in paths)


def of_files(files: Iterable[tuple[str, Path | bytes]]) -> HandedIn:
    """Of files, each with its name and where it lies or what it holds; a zip archive stands for the files in it."""
    found = HandedIn({}, ())
    for name, place in files:
        found += _of_zip(name, place) if name.lower().endswith(".zip") else _of_file(name, place)
    return found


def _of_file(name: str, place: Path | bytes) -> HandedIn:
    try:
        return HandedIn({name: read(_content(place))}, ())
    except (ValueError, OSError) as problem:
        return HandedIn({}, (Unreadable(name, str(problem)),))


def _content(place: Path | bytes) -> bytes:
    """No more of a file than shows that it is too large; a link, a pipe or a device is no file."""
    if isinstance(place, bytes):
        return place
    if place.is_symlink() or not place.is_file():
        raise ValueError("a hand-in must be a file, got a link or something else. Leave it out.")
    with place.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _of_zip(name: str, place: Path | bytes) -> HandedIn:
    """Nothing is unpacked onto the disk, and of each file no more is unpacked than shows that it is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(place) if isinstance(place, bytes) else place) as archive:
            found = HandedIn({}, ())
            for inner, content in _members(archive):
                called = f"{name}/{inner}"
                found += content if isinstance(content, HandedIn) else _of_file(called, content)
            return found
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        why = f"the archive must be a whole zip of hand-ins, got one that cannot be read ({problem}). Pack it again."
        return HandedIn({}, (Unreadable(name, why),))


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes | HandedIn]]:
    entries = [one for one in archive.infolist() if one.filename.lower().endswith(ENDING)]
    if len(entries) > MOST_FILES:
        raise ValueError(f"more than {MOST_FILES} files")
    for entry in entries:
        inner = entry.filename[-80:]
        try:
            with archive.open(entry) as file:
                yield inner, file.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
            why = f"a hand-in must be readable in its archive, got {problem}. Ask for it again."
            yield inner, HandedIn({}, (Unreadable(inner, why),))
