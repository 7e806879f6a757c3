"""Reads one list of pairs, of trials or of scores, in the forms in which people have them.

What a file leaves open is guessed by its names and cells (column_roles.py, numbered_pairs.py) and told in words before
anything is measured; whatever is guessed can be said instead (`Corrections`). numpy alone, for the web process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.readers.column_names import may_be_truth, word_of
from core.readers.column_roles import Roles, check_is_a_list, has_header, roles_by_cells, roles_by_name
from core.readers.csv_table import CellTable
from core.readers.numbered_pairs import is_numbered, read_numbered
from core.readers.pair_columns import PairColumns
from core.readers.pair_list import NO_FOLDS, NOTHING_SAID, Corrections, PairList, Sides
from core.system.quoting import shown
from core.verification.scored_pairs import Identities


def read_pair_list(path: str | Path, corrections: Corrections = NOTHING_SAID) -> PairList:
    """What a text file lists. Raises ValueError where it is in no form that is known here, or wrong in a line."""
    table = CellTable(Path(path))
    if not table.head.cells:
        raise ValueError(f"{table.name} must hold pairs, got an empty file. Write one pair in each line.")
    if not corrections.truth and not corrections.score and is_numbered(table.head.cells):
        return _numbered(table)
    rows = table.head.cells
    header = tuple(cell.strip() for cell in rows[0]) if has_header(rows) else ()
    columns = header or tuple(str(at + 1) for at in range(len(rows[0])))
    if header:
        _check_once(table.name, header)
    alike = [row for row in rows[bool(header) :] if len(row) == len(columns)]
    named = _named_roles(table.name, columns, corrections)
    check_is_a_list(table.name, header, alike, named)
    roles = roles_by_name(table.name, header, alike, named) if header else roles_by_cells(table.name, alike, named)
    if corrections.folds == NO_FOLDS or (corrections.folds.isdecimal() and named.fold is None):
        roles = replace(roles, fold=None)
    reader = PairColumns(table, header, columns, roles, corrections)
    for lines, cells in table.columns(1 if header else 0, len(columns)):
        reader.take(lines, cells)
    pairs = reader.pair_list()
    truths = tuple(column for at, column in enumerate(columns) if may_be_truth(alike, at))
    return replace(pairs, columns=truths, is_told=pairs.is_told and len(truths) < 2)


def _numbered(table: CellTable) -> PairList:
    pairs, fold, first_line = read_numbered(table)
    identities = Identities()
    people = [pair.first.person for pair in pairs] + [pair.second.person for pair in pairs]
    places = identities.sorted_numbers(identities.numbered(people)).reshape(2, -1)
    return PairList(
        table.name,
        np.array([pair.line for pair in pairs], np.int64),
        np.array([pair.is_same for pair in pairs], bool),
        sides=Sides(identities.names, places, True, tuple((pair.first, pair.second) for pair in pairs)),
        fold=fold,
        truth="the same where one person is named",
        notes=(
            "name and number of each sample",
            f"columns between {table.separated_by}",
            f"first line {first_line}" if first_line else "no first line",
        ),
    )


def _named_roles(name: str, columns: Sequence[str], corrections: Corrections) -> Roles:
    """The places of the columns that somebody named."""
    truth = _place(name, columns, "truth", corrections.truth) if corrections.truth else None
    score = _place(name, columns, "score", corrections.score) if corrections.score else None
    is_column = (
        corrections.folds
        and corrections.folds != NO_FOLDS
        and (corrections.folds in columns or not corrections.folds.isdecimal())
    )
    fold = _place(name, columns, "folds", corrections.folds) if is_column else None
    return Roles(truth, score, fold=fold)


def _place(name: str, columns: Sequence[str], what: str, word: str) -> int:
    words = [word_of(column) for column in columns]
    ends = {"first": 0, "last": len(columns) - 1} if what == "truth" else {}
    place = ends.get(word, words.index(word_of(word)) if word_of(word) in words else None)
    if place is None and word.isdecimal() and 0 < int(word[:9]) <= len(columns):
        place = int(word) - 1
    if place is None:
        raise ValueError(
            f"--{what} must be {'first, last or ' if ends else ''}a column of {name} "
            f"({', '.join(map(shown, columns))}), got {shown(word)}. Name one of these."
        )
    return place


def _check_once(name: str, header: Sequence[str]) -> None:
    words = [word_of(cell) for cell in header]
    for place, word in enumerate(words):
        if word and word in words[:place]:
            raise ValueError(f"{name} must have each column once, got {word} again. Remove one of the two.")
