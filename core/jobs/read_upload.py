"""Files that somebody brings, read as what they are: embeddings, pairs with scores, or pairs of embeddings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from core.distances.base import Distance
from core.jobs.measure_embeddings import Brought
from core.jobs.measure_roles import RoleWords, upload_of
from core.jobs.measure_scores import ScoredUpload
from core.readers.listed_pairs import read_couples, read_listed
from core.readers.npz_archive import held_arrays, is_archive
from core.readers.pair_files import GUESSED, read_scores
from core.readers.pair_list import Corrections
from core.readers.understanding import Reading, Understanding

NO_ROLES = RoleWords([], [], False)


@dataclass(frozen=True)
class Waiting:
    """Pairs that wait for a look at how they were understood."""

    upload: ScoredUpload
    understanding: Understanding


class Asked(NamedTuple):
    """The file and the list beside it, if there is one, as they lie on the disk and as they are called; and what is
    said of them."""

    path: Path
    listed: Path | None
    names: tuple[str, str | None]
    distance: Distance
    corrections: Corrections
    roles: RoleWords = NO_ROLES


def read(asked: Asked) -> Waiting | Brought:
    """Embeddings, or what is listed or scored. Raises ValueError where a file is wrong or they do not go together."""
    path, beside, (name, listed_name), distance, corrections, roles = asked
    title, compared_by = name, None
    if not is_archive(path):
        reading = read_scores(path, corrections, trials=beside)
    elif beside is not None:
        title, compared_by = listed_name or beside.name, distance
        reading = read_listed(beside, path, corrections, distance=distance)
    elif "issame" in held_arrays(path):
        compared_by, reading = distance, read_couples(path, corrections, distance=distance)
    else:
        return upload_of(name, path, distance, roles)
    if any(roles):
        raise ValueError(
            f"labels of junk or of distractors and groups must be left out for {title}, got both. Leave the pairs "
            "that should not count out of the file."
        )
    understanding = reading.understanding
    command = command_of(name, listed_name, corrections, reading)
    return Waiting(ScoredUpload(title, reading.pairs, understanding.in_words(), compared_by, command), understanding)


def command_of(file: str, listed: str | None, corrections: Corrections, reading: Reading) -> tuple[str, ...]:
    """The words behind `verify` by which the command line reads the same pairs; what nothing tells is spelled out."""
    pairs, understanding = reading
    if pairs.failures:
        corrections = replace(corrections, failures=pairs.failures.treated)
    if understanding.known_by == GUESSED:
        corrections = replace(corrections, closer=corrections.closer_otherwise)
    beside = () if listed is None else ("--pairs" if understanding.compared_by else "--trials", listed)
    return file, *beside, *corrections.words()
