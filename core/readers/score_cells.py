"""Scores of pairs, read bit by bit out of one column; what could not be compared has none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.readers.column_names import FAILED, is_number
from core.system.quoting import shown

LARGEST = 1e300  # so that the difference of two scores is a number


class Scores:
    """The numbers of the column so named of a file, NaN where there is none.

    Where no comma separates cells, numbers may have decimal commas, as spreadsheets write them, if none has a point.
    `form` is how the file was read, for those whom an error tells.
    """

    def __init__(self, name: str, column: str, *, may_have_commas: bool, form: str = "") -> None:
        self._name, self._column, self._may_have_commas, self._form = name, column, may_have_commas, form
        self._decimal_marks: set[str] = set()

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> np.ndarray:
        """(B,) float64. Raises ValueError at a cell that is neither a finite number nor says that there is none."""
        together, as_written = "".join(cells), cells
        if self._may_have_commas:
            self._check_marks(lines, together)
            cells = [cell.replace(",", ".") for cell in cells] if "," in together else cells
        try:
            scores = np.fromiter(map(float, cells), np.float64, len(cells))
        except ValueError:
            failed = [cell.strip().lower() in FAILED for cell in cells]
            wrong = [not has_failed and not is_number(cell) for cell, has_failed in zip(cells, failed, strict=True)]
            if any(wrong):
                raise self._bad(lines[wrong.index(True)], as_written[wrong.index(True)]) from None
            texts = ("nan" if has_failed else cell for cell, has_failed in zip(cells, failed, strict=True))
            scores = np.fromiter(map(float, texts), np.float64, len(cells))
        # float also reads 1_000, which no program writes as a score.
        is_large = np.abs(scores) > LARGEST
        if "_" in together or is_large.any():
            row = next(row for row, cell in enumerate(cells) if "_" in cell or is_large[row])
            raise self._bad(lines[row], as_written[row])
        return scores

    def _check_marks(self, lines: Sequence[int], together: str) -> None:
        self._decimal_marks.update(mark for mark in ",." if mark in together)
        if len(self._decimal_marks) > 1:
            raise ValueError(
                f"{self._name} must have one decimal mark in the column {self._column}, got points and commas up to "
                f"line {lines[-1]}. Write decimal points alone."
            )

    def _bad(self, line: int, cell: str) -> ValueError:
        limit = f" below {LARGEST:g} in size" if is_number(cell.strip()) else ""
        return ValueError(
            f"{self._name}, line {line}: {self._column} must be a finite number{limit}, got {shown(cell)}{self._form}. "
            "Write it as 0.83, as nan where there was nothing to compare, or remove the row."
        )
