"""Pairs of numbered samples of people, in the format of Labeled Faces in the Wild (Huang et al. 2007).

"name 1 2" is a pair of images of one person, "name 1 other 2" of two. Before them may stand the number of folds and of
pairs in each, or the latter alone: with n, a fold holds n pairs of the same person and n of different ones, as the
database's own files do, or n pairs in all; or a line that names columns, as in the copies of Kaggle; or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from core.readers.csv_table import CellTable
from core.system.quoting import shown
from core.verification.scored_pairs import check_kinds

_COUNT = re.compile(r"[0-9]{1,9}")
_COLUMN = re.compile(r"imagenum.*|image_?num.*")
_WAY_OUT = 'Write "10 300", then "name 1 2" for one person and "name 1 other 2" for two.'


class Image(NamedTuple):
    """One image of a person, by its number."""

    person: str
    number: int

    def __str__(self) -> str:
        return f"{self.person}_{self.number:04d}"


class Pair(NamedTuple):
    """Two images on one line of the list."""

    line: int
    first: Image
    second: Image

    @property
    def is_same(self) -> bool:
        """Whether both are of one person."""
        return self.first.person == self.second.person


class NumberedPairs(NamedTuple):
    """The pairs; the fold of each, (P,) int64 from 0, None where no line counts them; the first line in words."""

    pairs: list[Pair]
    fold: np.ndarray | None
    first_line: str


def is_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a file are such pairs, or begin as such a list does."""
    bare = [row for row in map(_stripped, rows) if row]
    if _is_sizes(bare[0]) and (len(bare) == 1 or len(bare[1]) > 1):
        return len(bare) == 1 and len(bare[0]) == 2 or len(bare) > 1 and not _is_sizes(bare[1])
    if _is_header(bare[0]):
        return True
    fitting = [row for row in bare if _fits(row)]
    if len(fitting) * 2 <= len(bare) or not _fits(bare[0]):
        return False
    last = {row[-1] for row in fitting}
    is_labelled = last == {"0", "1"} and len({len(row) for row in fitting}) == 1
    return not is_labelled and not all(_COUNT.fullmatch(row[0]) for row in fitting)


def read_numbered(table: CellTable) -> NumberedPairs:
    """All pairs of the table. Raises ValueError at a line that is none, and where the first line miscounts."""
    lines = ((line, cells) for line, row in _lines(table) if (cells := _stripped(row)))
    line, cells = next(lines)
    sizes, first_line = None, ""
    if _is_sizes(cells):
        sizes, first_line = _sizes(table.name, line, cells), " ".join(cells)
    elif _is_header(cells):
        first_line = "names of columns"
    pairs = [] if first_line else [_pair(table.name, line, cells)]
    pairs += [_pair(table.name, *each) for each in lines]
    fold = None
    if sizes is not None:
        is_same = np.array([pair.is_same for pair in pairs], bool)
        check_kinds(table.name, is_same)
        fold = _fold(table.name, is_same, *sizes)
    return NumberedPairs(pairs, fold, first_line)


def _lines(table: CellTable) -> Iterator[tuple[int, list[str]]]:
    for lines, cells in table.rows():
        yield from zip(lines, cells, strict=True)


def _stripped(row: Sequence[str]) -> list[str]:
    """Without the blanks around cells and without the empty cells at the end, with which a table is filled up; a first
    line may have blanks where the others have tabs."""
    cells = [cell.strip() for cell in row] if len(row) > 1 else row[0].split()
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _fits(row: Sequence[str]) -> bool:
    return len(row) in (3, 4) and all(_COUNT.fullmatch(row[at]) for at in (1, len(row) - 1))


def _is_sizes(row: Sequence[str]) -> bool:
    return len(row) in (1, 2) and all(_COUNT.fullmatch(cell) for cell in row)


def _is_header(row: Sequence[str]) -> bool:
    return any(_COLUMN.fullmatch(cell.lower()) for cell in row)


def _sizes(name: str, line: int, cells: Sequence[str]) -> tuple[int, int]:
    """How many folds, and how many pairs in each."""
    sizes = [int(cell) for cell in cells]
    if 0 in sizes:
        raise ValueError(
            f"{name}, line {line} must be the number of folds and of pairs in each, or of pairs alone, got "
            f"{shown(' '.join(cells))}. {_WAY_OUT}"
        )
    return (1, *sizes)[-2], sizes[-1]


def _pair(name: str, line: int, cells: list[str]) -> Pair:
    if len(cells) not in (3, 4) or "" in cells:
        raise ValueError(
            f"{name}, line {line} must be a name and two image numbers, or twice a name and an image number, got "
            f"{shown(' '.join(cells))}. {_WAY_OUT}"
        )
    if len(cells) == 4 and cells[0] == cells[2]:
        raise ValueError(
            f"{name}, line {line} must name two people where it has four parts, got {shown(cells[0])} twice. {_WAY_OUT}"
        )
    person, one, *other_person, other = cells
    for cell in (one, other):
        if not _COUNT.fullmatch(cell):
            raise ValueError(
                f"{name}, line {line}: an image number must be a whole number, got {shown(cell)}. {_WAY_OUT}"
            )
    pair = Pair(line, Image(person, int(one)), Image((other_person or [person])[0], int(other)))
    if pair.first == pair.second:
        raise ValueError(
            f"{name}, line {line} must compare two images, got {pair.first} with itself. Name another image."
        )
    return pair


def _fold(name: str, is_same: np.ndarray, folds: int, count: int) -> np.ndarray:
    """The fold of each pair, (P,); each must have as many pairs as the first line says."""
    if len(is_same) not in (2 * folds * count, folds * count):
        raise ValueError(
            f"{name} must hold as many pairs as its first line says, {2 * folds * count} ({folds} x {count} of each "
            f"kind) or {folds * count} in all, got {len(is_same)}. Mend the first line, or add what is missing."
        )
    size = len(is_same) // folds
    same = is_same.reshape(folds, size).sum(axis=1)
    wrong = np.flatnonzero(same != count if size == 2 * count else (same == 0) | (same == size))
    if len(wrong):
        rule = f"{count} of each kind" if size == 2 * count else "both kinds"
        raise ValueError(
            f"{name} must hold pairs of {rule} in every fold, got {same[wrong[0]]} of the same and "
            f"{size - same[wrong[0]]} of different people in fold {wrong[0] + 1}. Order the lines by fold."
        )
    return np.repeat(np.arange(folds), size)
