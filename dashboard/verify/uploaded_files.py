"""Files out of the browser, read as what they are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol

from core.distances.base import Distance
from core.jobs.measure_embeddings import Brought
from core.jobs.measure_roles import RoleWords
from core.jobs.read_apart import read_apart
from core.jobs.read_upload import NO_ROLES, Asked, Waiting
from core.readers.pair_list import Corrections
from dashboard.components.file_refusal import FileRefusal
from dashboard.wording import say

MIB = 1 << 20
NAME_BYTES = 255  # of a file on the disks that there are


class File(Protocol):
    """What a browser sent."""

    @property
    def name(self) -> str:
        """As on the user's disk."""

    def getvalue(self) -> bytes:
        """The whole content."""


def refusal_in_words(refusal: FileRefusal, most: int, most_of_one: int) -> str:
    """Why the browser sent nothing: of a file above `most` bytes, which may be less than one may have where others have
    brought much, of several, or of a folder."""
    if refusal.why == "large":
        key = "upload.refusal.large" if refusal.bytes > most_of_one else "upload.refusal.no_room"
        return say(key, name=refusal.name, most=most / MIB, size=refusal.bytes / MIB)
    if refusal.why == "folder":
        return say("upload.refusal.folder", name=refusal.name)
    return say("upload.refusal.several", count=refusal.count)


def read_files(
    file: File, listed: File | None, distance: Distance, corrections: Corrections, roles: RoleWords = NO_ROLES
) -> Waiting | Brought:
    """Embeddings, or what is listed or scored. Raises ValueError where a file is wrong or they do not go together."""
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder), "file", file)
        beside = None if listed is None else _written(Path(folder), "listed", listed)
        names = file.name, None if listed is None else listed.name
        return read_apart(Asked(path, beside, names, distance, corrections, roles))


def _written(folder: Path, place: str, file: File) -> Path:
    (folder / place).mkdir()
    path = folder / place / _shortened(Path(file.name).name)
    path.write_bytes(file.getvalue())
    return path


def _shortened(name: str) -> str:
    """A name that a disk takes, with the same suffix."""
    stem, suffix = Path(name).stem.encode(), Path(name).suffix.encode()[:NAME_BYTES]
    return (stem[: NAME_BYTES - len(suffix)] + suffix).decode(errors="ignore") or "file"
