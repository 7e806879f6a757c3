"""A list of pairs, of trials or of scores as its file has it, what was understood, and what can be said instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.readers.column_names import EITHER
from core.readers.numbered_pairs import Image

SMALLER, LARGER = "smaller", "larger"
NO_FOLDS = "none"
CORRECTED = ("truth", "same", "score", "closer", "folds", "failures")  # also the options of `verify`


@dataclass(frozen=True)
class Corrections:
    """What somebody says of a list instead of what would be guessed; "" where nothing is said.

    `truth` is first, last, or the name or number of a column, `score` the name or number of one, `same` the word that
    means the same identity, `closer` smaller or larger (`closer_otherwise` only where nothing tells it); `folds` a
    column, a number of equal parts in the order of the lines, or none. `failures` says what becomes of pairs without a
    score, refused or left-out, and with `failures_otherwise` they are not asked about; a listed sample that is missing
    must be said.
    """

    truth: str = ""
    same: str = ""
    score: str = ""
    closer: str = ""
    closer_otherwise: str = ""
    folds: str = ""
    failures: str = ""
    failures_otherwise: str = ""

    def words(self) -> list[str]:
        """The words of the command line that say the same; what is left open is left open."""
        named = {name: getattr(self, name) for name in CORRECTED}
        return [word for name, value in named.items() if value for word in (f"--{name}", value)]


class Sides(NamedTuple):
    """What stands on either side of P pairs: places (2, P) int64 among the sorted names, of identities or of samples;
    images where those are numbered."""

    names: tuple[str, ...]
    places: np.ndarray
    are_identities: bool
    images: tuple[tuple[Image, Image], ...] = ()


NOTHING_SAID = Corrections()


@dataclass(frozen=True)
class PairList:
    """P pairs in their order: `lines` (P,) int64, and what the file has of `is_same` (P,) bool, `scores` (P,) float64
    with NaN for what failed, `sides` and `fold` (P,) int64 from 0. `direction` says what scores are; `known_by`,
    `truth` and `notes` say in words what was understood; `columns` are those that may hold the truth, `words`
    its spellings; `is_told` is whether the names of its columns say what is the truth and which scores are closer."""

    name: str
    lines: np.ndarray
    is_same: np.ndarray | None
    scores: np.ndarray | None = None
    direction: str = EITHER
    known_by: str = ""
    sides: Sides | None = None
    fold: np.ndarray | None = None
    truth: str = ""
    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_told: bool = False

    def form(self) -> str:
        """The form of the file as an error names it."""
        return "; ".join(filter(None, (self.truth, *self.notes)))
