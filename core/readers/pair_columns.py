"""The columns of one list of pairs, whose roles are known, read bit by bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.readers.column_names import DISTANCE, EITHER, SIMILARITY, is_certain
from core.readers.column_roles import Roles
from core.readers.csv_table import CellTable
from core.readers.pair_list import SMALLER, Corrections, PairList, Sides
from core.readers.score_cells import Scores
from core.readers.truths import Truths
from core.system.quoting import brief, shown
from core.verification.scored_pairs import Identities


class PairColumns:
    """The cells read so far, as numbers."""

    def __init__(
        self,
        table: CellTable,
        header: tuple[str, ...],
        columns: tuple[str, ...],
        roles: Roles,
        corrections: Corrections,
    ) -> None:
        self._table, self._header, self._roles, self._corrections = table, header, roles, corrections
        self._called = list(header) or [f"column {column}" for column in columns]
        self._form = f" ({'; '.join(filter(None, (self._truth(), *self._notes())))})"
        self._truths = self._score = None
        if roles.truth is not None:
            self._truths = Truths(table.name, self._called[roles.truth], corrections.same, self._form)
        if roles.score is not None:
            called, may_have_commas = self._called[roles.score], table.separator != ","
            self._score = Scores(table.name, called, may_have_commas=may_have_commas, form=self._form)
        self._names, self._folds = Identities(), Identities()
        self._is_same, self._scores = [np.empty(0, bool)], [np.empty(0)]
        self._places, self._fold = [np.empty((2, 0), np.int64)], [np.empty(0, np.int64)]
        self._lines = [np.empty(0, np.int64)]

    def take(self, lines: Sequence[int], cells: list[tuple[str, ...]]) -> None:
        """Add rows of cells, with the lines on which they stand."""
        roles = self._roles
        self._lines.append(np.fromiter(lines, np.int64, len(lines)))
        if self._score is not None and roles.score is not None:
            self._scores.append(self._score.read(lines, cells[roles.score]))
        if self._truths is not None and roles.truth is not None:
            self._is_same.append(self._truths.read(lines, cells[roles.truth]))
        if roles.fold is not None:
            self._fold.append(self._folds.numbered(self._words(lines, cells, roles.fold, "name a fold")))
        if roles.names is not None:
            what = "name an identity" if roles.are_identities else "name a sample"
            names = [self._words(lines, cells, at, what) for at in roles.names]
            self._places.append(np.stack([self._names.numbered(side) for side in names]))
            if roles.are_identities:
                self._take_truth(lines, cells)

    def pair_list(self) -> PairList:
        """All that was taken, as arrays; ValueError where the columns contradict each other."""
        roles, name = self._roles, self._table.name
        if self._truths is not None:
            self._truths.check_same()
        has_truth = self._truths is not None or roles.are_identities
        sides = None
        if roles.names is not None:
            places = self._names.sorted_numbers(np.concatenate(self._places, axis=1))
            sides = Sides(self._names.names, places, roles.are_identities)
        return PairList(
            name,
            np.concatenate(self._lines),
            np.concatenate(self._is_same) if has_truth else None,
            np.concatenate(self._scores) if self._score is not None else None,
            *self._direction(),
            sides=sides,
            fold=self._in_order() if roles.fold is not None else None,
            truth=self._truth(),
            words=self._truths.words() if self._truths is not None else (),
            notes=self._notes(),
            is_told=self._is_told(),
        )

    def _take_truth(self, lines: Sequence[int], cells: list[tuple[str, ...]]) -> None:
        """The same where the identities are; must be what the file says, where it says it."""
        is_same = self._places[-1][0] == self._places[-1][1]
        if self._truths is None:
            self._is_same.append(is_same)
        elif (wrong := np.flatnonzero(self._is_same[-1] != is_same)).size:
            raise self._disagreement(lines, cells, int(wrong[0]))

    def _words(self, lines: Sequence[int], cells: list[tuple[str, ...]], at: int, rule: str) -> list[str]:
        """A column of names, without the blanks around them."""
        words = [cell.strip() for cell in cells[at]]
        if "" in words:
            raise ValueError(
                f"{self._table.name}, line {lines[words.index('')]}: {self._called[at]} must {rule}, got an empty "
                f"cell{self._form}. Name it, or remove the row."
            )
        return words

    def _disagreement(self, lines: Sequence[int], cells: list[tuple[str, ...]], row: int) -> ValueError:
        assert self._roles.truth is not None and self._roles.names is not None
        places = (*self._roles.names, self._roles.truth)
        first, second, truth = (self._called[at] for at in places)
        got_first, got_second, got = (shown(cells[at][row]) for at in places)
        return ValueError(
            f"{self._table.name}, line {lines[row]}: {truth} must agree with {first} and {second}, got {got} for "
            f"{got_first} and {got_second}. Mend one of them, leave {truth} out, or name the columns file1 and file2 "
            "where they are samples."
        )

    def _in_order(self) -> np.ndarray:
        """The folds as numbers from 0, in the order of their numbers, or where they are words of these."""
        names = self._folds.names
        order = sorted(range(len(names)), key=lambda at: int(names[at])) if all(map(str.isdecimal, names)) else None
        places = np.argsort(order) if order is not None else np.arange(len(names))
        return places[self._folds.sorted_numbers(np.concatenate(self._fold))]

    def _direction(self) -> tuple[str, str]:
        """Whether scores are distances or similarities, and how one knows."""
        roles = self._roles
        if roles.score is None:
            return EITHER, ""
        if self._corrections.closer:
            return (DISTANCE if self._corrections.closer == SMALLER else SIMILARITY), "as you said"
        if roles.form or not self._header:
            return roles.direction, f"as {'Bob has' if roles.form else 'lists of trials have'} it"
        return roles.direction, f"by the name of the column {shown(self._called[roles.score])}"

    def _is_told(self) -> bool:
        """Whether a first line says what is the truth and which scores are closer, by names that mean nothing else."""
        roles = self._roles
        if not self._header or roles.form or roles.score is None:
            return False
        has_truth = roles.are_identities if roles.truth is None else is_certain("truth", self._called[roles.truth])
        return has_truth and is_certain("scores", self._called[roles.score])

    def _truth(self) -> str:
        roles = self._roles
        if roles.truth is None and roles.form:
            return "the same where the claimed identity is the real one"
        if roles.truth is None:
            names = [self._called[at] for at in roles.names or ()] if roles.are_identities else []
            return f"the same where {' and '.join(names)} are" if names else ""
        if not self._header:
            width = len(self._called)
            return {0: "truth first", width - 1: "truth last"}.get(roles.truth, f"truth in {self._called[roles.truth]}")
        return f"truth in {self._called[roles.truth]}"

    def _notes(self) -> tuple[str, ...]:
        roles = self._roles
        notes = [
            f"columns between {self._table.separated_by}",
            "names in the first line" if self._header else "no first line",
        ]
        if roles.form:
            notes.append(f"in the form of {roles.form}")
        left = [column or "the one without a name" for at, column in enumerate(self._called) if at not in roles.used()]
        return (*notes, f"left aside: {brief(', '.join(left))}") if left else tuple(notes)
