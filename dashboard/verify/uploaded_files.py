"""Files out of the browser, read as what they are."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from core.distances.base import Distance
from core.jobs.measure_embeddings import Brought
from core.jobs.measure_roles import RoleWords, upload_of
from core.jobs.measure_scores import ScoredUpload
from core.readers.listed_pairs import read_couples, read_listed
from core.readers.npz_archive import held_arrays, is_archive
from core.readers.pair_files import GUESSED, read_scores
from core.readers.pair_list import Corrections
from core.readers.understanding import Reading, Understanding
from dashboard.components.file_refusal import FileRefusal
from dashboard.wording import say

MIB = 1 << 20
NAME_BYTES = 255  # of a file on the disks that there are
NO_ROLES = RoleWords([], [], False)


class File(Protocol):
    """What a browser sent."""

    @property
    def name(self) -> str:
        """As on the user's disk."""

    def getvalue(self) -> bytes:
        """The whole content."""


@dataclass(frozen=True)
class Waiting:
    """Pairs that wait for a look at how they were understood."""

    upload: ScoredUpload
    understanding: Understanding


def refusal_in_words(refusal: FileRefusal, most: int) -> str:
    """Why the browser sent nothing: of a file above `most` bytes, of several, or of a folder."""
    if refusal.why == "large":
        return say("upload.refusal.large", name=refusal.name, most=most / MIB, size=refusal.bytes / MIB)
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
        if not is_archive(path):
            name, compared_by, reading = file.name, None, read_scores(path, corrections, trials=beside)
        elif beside is not None:
            name, compared_by = beside.name, distance
            reading = read_listed(beside, path, corrections, distance=distance)
        elif "issame" in held_arrays(path):
            name, compared_by, reading = file.name, distance, read_couples(path, corrections, distance=distance)
        else:
            return upload_of(file.name, path, distance, roles)
        if any(roles):
            raise ValueError(
                f"labels of junk or of distractors and groups must be left out for {name}, got both. Leave the pairs "
                "that should not count out of the file."
            )
        understanding = reading.understanding
        command = command_of(file.name, None if listed is None else listed.name, corrections, reading)
        upload = ScoredUpload(name, reading.pairs, understanding.in_words(), compared_by, command)
        return Waiting(upload, understanding)


def command_of(file: str, listed: str | None, corrections: Corrections, reading: Reading) -> tuple[str, ...]:
    """The words behind `verify` by which the command line reads the same pairs; what nothing tells is spelled out."""
    pairs, understanding = reading
    if pairs.failures:
        corrections = replace(corrections, failures=pairs.failures.treated)
    if understanding.known_by == GUESSED:
        corrections = replace(corrections, closer=corrections.closer_otherwise)
    beside = () if listed is None else ("--pairs" if understanding.compared_by else "--trials", listed)
    return file, *beside, *corrections.words()


def _written(folder: Path, place: str, file: File) -> Path:
    (folder / place).mkdir()
    path = folder / place / _shortened(Path(file.name).name)
    path.write_bytes(file.getvalue())
    return path


def _shortened(name: str) -> str:
    """A name that a disk takes, with the same suffix."""
    stem, suffix = Path(name).stem.encode(), Path(name).suffix.encode()[:NAME_BYTES]
    return (stem[: NAME_BYTES - len(suffix)] + suffix).decode(errors="ignore") or "file"
