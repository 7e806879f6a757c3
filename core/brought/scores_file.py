"""Pairs with scores that a user brings without a data set: a CSV of scores, or a pairs file (pairs_file.py).

numpy alone, for the web process.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import numpy as np

from core.brought.csv_table import Block, CsvTable
from core.brought.pairs_file import load_pairs as load_pairs
from core.brought.reading import shown
from core.brought.scored_pairs import Identities, ScoredPairs, check_kinds

SMALLER_IS_CLOSER = {"distance": True, "similarity": False, "score": None}  # None: whoever loads must say
IDENTITIES = ("first", "second")
COLUMNS = ("is_same", *SMALLER_IS_CLOSER, *IDENTITIES)
TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def names_direction(path: str | Path) -> bool:
    """Whether a CSV says by the names of its columns which scores are closer; a column score does not."""
    return "score" not in CsvTable(Path(path), COLUMNS).columns


def load_scores(path: str | Path, *, smaller_is_closer: bool | None = None) -> ScoredPairs:
    """The pairs of a CSV in UTF-8 with a header line, its cells separated by commas, semicolons or tabs.

    One column is distance, similarity or score; a score needs `smaller_is_closer`. is_same is 0 or 1, false or true, no
    or yes in any case; first and second are the names of the two identities. Either may be missing; where both are
    there they must agree. Between semicolons or tabs the numbers may have decimal commas, as spreadsheets write them,
    if none has a point.
    """
    table = CsvTable(Path(path), COLUMNS)
    columns = _Columns(table, smaller_is_closer)
    for block in table.blocks():
        columns.take(block)
    return columns.pairs()


class _Columns:
    """The cells read so far, as numbers."""

    def __init__(self, table: CsvTable, smaller_is_closer: bool | None) -> None:
        self._name, self._may_have_commas = table.name, table.separator != ","
        self._score, self._is_distance = _score_column(table, smaller_is_closer)
        self._identities = Identities() if _has_identities(table) else None
        self._decimal_marks: set[str] = set()
        self._scores = [np.empty(0)]
        self._is_same = [np.empty(0, bool)]
        self._numbers = [np.empty((2, 0), np.int64)]
        self._lines = [np.empty(0, np.int64)]

    def take(self, block: Block) -> None:
        self._scores.append(self._read_scores(block))
        self._lines.append(np.fromiter(block.lines, np.int64, len(block.lines)))
        if "is_same" in block.cells:
            self._is_same.append(_read_truth(self._name, block))
        if self._identities is None:
            return
        names = [_read_names(self._name, block, column) for column in IDENTITIES]
        numbers = np.stack([self._identities.numbered(column) for column in names])
        self._numbers.append(numbers)
        is_same = numbers[0] == numbers[1]
        if "is_same" not in block.cells:
            self._is_same.append(is_same)
        elif (wrong := np.flatnonzero(self._is_same[-1] != is_same)).size:
            raise self._disagreement(block, int(wrong[0]))

    def pairs(self) -> ScoredPairs:
        scores, is_same = np.concatenate(self._scores), np.concatenate(self._is_same)
        check_kinds(self._name, is_same)
        # Not -s, which makes the distance -0 of a similarity of 0.
        distances = scores if self._is_distance else 0.0 - scores
        lines, is_similarity = np.concatenate(self._lines), not self._is_distance
        if self._identities is None:
            return ScoredPairs(distances, is_same, is_similarity=is_similarity, lines=lines)
        first, second = self._identities.sorted_numbers(np.concatenate(self._numbers, axis=1))
        return ScoredPairs(distances, is_same, first, second, self._identities.names, is_similarity, lines=lines)

    def _read_scores(self, block: Block) -> np.ndarray:
        cells = block.cells[self._score]
        together = "".join(cells)
        if self._may_have_commas:
            self._decimal_marks.update(mark for mark in ",." if mark in together)
            if len(self._decimal_marks) > 1:
                raise ValueError(
                    f"{self._name} must have one decimal mark in the column {self._score}, got points and commas up to "
                    f"line {block.lines[-1]}. Write decimal points alone."
                )
            cells = tuple(cell.replace(",", ".") for cell in cells) if "," in together else cells
        try:
            scores = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            scores = None
        # float also reads 1_000, which no program writes as a score.
        if scores is None or "_" in together or not np.isfinite(scores).all():
            raise self._bad_score(block, next(row for row, cell in enumerate(cells) if not _is_number(cell)))
        return scores

    def _bad_score(self, block: Block, row: int) -> ValueError:
        return ValueError(
            f"{self._name}, line {block.lines[row]}: {self._score} must be a finite number, got "
            f"{shown(block.cells[self._score][row])}. Write it as 0.83, or remove the row."
        )

    def _disagreement(self, block: Block, row: int) -> ValueError:
        first, second, is_same = (shown(block.cells[column][row]) for column in (*IDENTITIES, "is_same"))
        return ValueError(
            f"{self._name}, line {block.lines[row]}: is_same must agree with first and second, got {is_same} for "
            f"{first} and {second}. Mend one of them, or leave is_same out."
        )


def _score_column(table: CsvTable, smaller_is_closer: bool | None) -> tuple[str, bool]:
    """The one column of scores, and whether it is a distance."""
    found = [column for column in table.columns if column in SMALLER_IS_CLOSER]
    if len(found) != 1:
        raise ValueError(
            f"{table.name} must have one column of scores, distance, similarity or score, got "
            f"{' and '.join(found) or 'none'}. {'Keep one of them' if found else 'Add one'}."
        )
    known = SMALLER_IS_CLOSER[found[0]]
    if known is None and smaller_is_closer is None:
        raise ValueError(
            f"the direction of the column score in {table.name} must be given, got none. Say whether a smaller score "
            "is closer, or name the column distance or similarity."
        )
    if None not in (known, smaller_is_closer) and known != smaller_is_closer:
        raise ValueError(
            f"a {found[0]} in {table.name} must be closer when {'smaller' if known else 'larger'}, got the opposite "
            "direction. Give no direction, or name the column score."
        )
    return found[0], bool(smaller_is_closer if known is None else known)


def _has_identities(table: CsvTable) -> bool:
    """Whether both identities are there. Raises ValueError where one is alone, or there is no truth of any kind."""
    there = [column for column in IDENTITIES if column in table.columns]
    if len(there) == 1:
        raise ValueError(f"{table.name} must have first and second or neither, got only {there[0]}. Add the other.")
    if not there and "is_same" not in table.columns:
        raise ValueError(
            f"{table.name} must have the column is_same, or first and second, got {', '.join(table.columns)}. "
            "Add which pairs are the same."
        )
    return bool(there)


def _is_number(cell: str) -> bool:
    try:
        return "_" not in cell and isfinite(float(cell))
    except ValueError:
        return False


def _read_truth(name: str, block: Block) -> np.ndarray:
    """The column is_same, (B,) bool."""
    cells = block.cells["is_same"]
    meant = {cell: TRUTHS.get(cell.strip().lower()) for cell in set(cells)}
    if None in meant.values():
        line, cell = next(pair for pair in zip(block.lines, cells, strict=True) if meant[pair[1]] is None)
        raise ValueError(
            f"{name}, line {line}: is_same must be 0 or 1, false or true, no or yes, got {shown(cell)}. "
            "Write 1 for a pair of the same identity."
        )
    return np.fromiter(map(meant.__getitem__, cells), bool, len(cells))


def _read_names(name: str, block: Block, column: str) -> list[str]:
    """A column of identities, without the spaces around the names."""
    names = [cell.strip() for cell in block.cells[column]]
    if "" in names:
        raise ValueError(
            f"{name}, line {block.lines[names.index('')]}: {column} must name an identity, got an empty cell. "
            "Name it, or remove the row."
        )
    return names
