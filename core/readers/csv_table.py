"""A text file of cells in lines, read some lines at a time, so that long ones need little memory.

What separates cells is a tab, a semicolon, a comma or, where none of them does, blanks. Between the first three, cells
may be in double quotes; empty lines are no rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import NamedTuple

from core.readers.text import text_lines
from core.system.quoting import brief

ROWS_AT_ONCE = 1 << 12  # so few that the garbage collector does not go through millions of cells again and again
LOOKED_AT = 64  # lines from which the separator is told
BLANKS = " "
SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", BLANKS: "blanks"}

_QUOTED = re.compile(r'"[^"]*"')


class Rows(NamedTuple):
    """Some rows that are not empty, and the line on which each ends."""

    lines: Sequence[int]
    cells: list[list[str]]


class CellTable:
    """The rows of a file, read up to `at_once` at a time; the first ones, `head`, are at hand before the others are
    read."""

    def __init__(self, path: Path, at_once: int | None = None) -> None:
        self.name, self._at_once = path.name, at_once or ROWS_AT_ONCE
        lines = text_lines(path)
        start = list(islice(lines, LOOKED_AT))
        self.separator = _separator(start)
        rest = chain(start, lines)
        self._reader = (
            _BlankSeparated(rest)
            if self.separator == BLANKS
            else csv.reader(rest, delimiter=self.separator, skipinitialspace=True, strict=True)
        )
        self.head = self._next()

    @property
    def separated_by(self) -> str:
        """The separator in words."""
        return SEPARATORS[self.separator]

    def rows(self) -> Iterator[Rows]:
        """All rows in their order, the head first, once."""
        rows, self.head = self.head, Rows([], [])
        while rows.cells:
            yield rows
            rows = self._next()

    def columns(self, skipped: int, width: int) -> Iterator[tuple[Sequence[int], list[tuple[str, ...]]]]:
        """The lines and the cells by column, but for the first rows. Raises ValueError at a row of another width."""
        for lines, cells in self.rows():
            lines, cells, skipped = lines[skipped:], cells[skipped:], 0
            if not set(map(len, cells)) <= {width}:
                raise self._uneven(width, *next(row for row in zip(lines, cells, strict=True) if len(row[1]) != width))
            if cells:
                yield lines, list(zip(*cells, strict=True))

    def _next(self) -> Rows:
        """The next rows that are not empty; none at the end of the file."""
        while True:
            before = self._reader.line_num
            if not (rows := self._read()):
                return Rows([], [])
            lines: Sequence[int] = range(before + 1, self._reader.line_num + 1)
            if len(lines) != len(rows) or not all(map(any, rows)):
                lines, rows = _with_lines(before, rows)
            if rows:
                return Rows(lines, rows)

    def _read(self) -> list[list[str]]:
        try:
            return list(islice(self._reader, self._at_once))
        except csv.Error as error:
            raise ValueError(
                f"{self.name}, line {self._reader.line_num} must be cells of CSV, got one that cannot be read "
                f"({brief(error)}). Check its quotes."
            ) from None

    def _uneven(self, width: int, line: int, row: list[str]) -> ValueError:
        return ValueError(
            f"{self.name}, line {line} must have as many cells as the first line, {width}, got {len(row)} between "
            f"{self.separated_by}. Give one cell for each column, in quotes where the cell holds the separator."
        )


class _BlankSeparated:
    """As csv.reader, of lines whose cells stand between blanks."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.line_num = lines, 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        line = next(self._lines)
        self.line_num += 1
        return line.split()


def _separator(lines: list[str]) -> str:
    """Of the separators in the first line that is not empty, or in the next where it has none, the one that most of
    these lines have."""
    bare = [text for line in lines if (text := _QUOTED.sub("", line.strip("\r\n"))).strip()]
    for first in bare[:2]:
        counts = {mark: sum(mark in line for line in bare) for mark in SEPARATORS if mark != BLANKS and mark in first}
        if counts and max(counts.values()) * 2 > len(bare) - 1:
            return max(counts, key=counts.__getitem__)
    return BLANKS


def _with_lines(before: int, rows: list[list[str]]) -> tuple[list[int], list[list[str]]]:
    """The rows that are not empty, and the lines on which they end: quoted cells may have broken some."""
    ends = accumulate((1 + sum(cell.count("\n") for cell in row) for row in rows), initial=before)
    filled = [(line, row) for line, row in zip(list(ends)[1:], rows, strict=True) if any(row)]
    return [line for line, _ in filled], [row for _, row in filled]
