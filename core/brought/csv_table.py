"""A CSV file with a header line, read as columns of text some rows at a time, so that long ones need little memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import NamedTuple

from core.brought.reading import brief, shown, text_lines

ROWS_AT_ONCE = 1 << 12  # so few that the garbage collector does not go through millions of cells again and again
SEPARATORS = ",;\t"


class Block(NamedTuple):
    """Some rows: the line on which each ends, and the text of its cells by column."""

    lines: Sequence[int]
    cells: dict[str, tuple[str, ...]]


class CsvTable:
    """The rows below a header that names some of the known columns, each once, in any order and case.

    What separates cells is the comma, semicolon or tab that stands most often in the header. Cells may be in double
    quotes; empty lines are no rows.
    """

    def __init__(self, path: Path, known: tuple[str, ...]) -> None:
        self.name = path.name
        lines = text_lines(path)
        header = next(lines, "")
        self.separator = max(SEPARATORS, key=header.count)  # the first of those that are equally frequent
        self._reader = csv.reader(chain([header], lines), delimiter=self.separator, skipinitialspace=True, strict=True)
        self.columns = self._checked(self._read(1)[0] if header.strip() else [], known)

    def blocks(self) -> Iterator[Block]:
        """All rows in their order, once. Raises ValueError at one that has more or fewer cells than the header."""
        while True:
            before = self._reader.line_num
            if not (rows := self._read(ROWS_AT_ONCE)):
                return
            lines: Sequence[int] = range(before + 1, self._reader.line_num + 1)
            if len(lines) != len(rows) or not all(rows):
                lines, rows = _with_lines(before, rows)
            if not set(map(len, rows)) <= {len(self.columns)}:
                raise self._uneven(*next(pair for pair in zip(lines, rows, strict=True) if self._is_uneven(pair[1])))
            if rows:
                yield Block(lines, dict(zip(self.columns, zip(*rows, strict=True), strict=True)))

    def _read(self, count: int) -> list[list[str]]:
        try:
            return list(islice(self._reader, count))
        except csv.Error as error:
            raise ValueError(
                f"{self.name}, line {self._reader.line_num} must be cells of CSV, got one that cannot be read "
                f"({brief(error)}). Check its quotes."
            ) from None

    def _is_uneven(self, row: list[str]) -> bool:
        return len(row) != len(self.columns)

    def _checked(self, header: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
        columns = tuple(cell.strip().lower() for cell in header)
        if not set(columns) & set(known):
            raise ValueError(
                f"{self.name} must start with a line that names its columns, got {shown(self.separator.join(header))}. "
                f"Name them with {', '.join(known)}."
            )
        for place, column in enumerate(columns):
            if column not in known:
                raise ValueError(
                    f"{self.name} must have columns out of {', '.join(known)}, got {shown(column)}. "
                    "Rename or remove this one."
                )
            if column in columns[:place]:
                raise ValueError(f"{self.name} must have each column once, got {column} again. Remove one of the two.")
        return columns

    def _uneven(self, line: int, row: list[str]) -> ValueError:
        return ValueError(
            f"{self.name}, line {line} must have as many cells as the header, {len(self.columns)}, got {len(row)}. "
            "Give one cell for each column, in quotes where the cell holds the separator."
        )


def _with_lines(before: int, rows: list[list[str]]) -> tuple[list[int], list[list[str]]]:
    """The rows that are not empty, and the lines on which they end: quoted cells may have broken some."""
    ends = accumulate((1 + sum(cell.count("\n") for cell in row) for row in rows), initial=before)
    kept = [(line, row) for line, row in zip(list(ends)[1:], rows, strict=True) if row]
    return [line for line, _ in kept], [row for _, row in kept]
