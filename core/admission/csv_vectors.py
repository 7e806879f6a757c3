"""Embeddings in a table of text: numbers in columns x0, x1 and so on, with columns of words beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from core.admission.brought import Brought
from core.admission.column_meaning import Meaning, meaning_of
from core.admission.plain_csv import LONGEST_LINE, MISSING, NotPlain, Part, layout_of, read_parts
from core.admission.values_file import ValuesFile
from core.readers.csv_table import BLANKS, CellTable
from core.system.quoting import brief, shown

if TYPE_CHECKING:
    from pyarrow import RecordBatch

LARGEST_BYTES = 8 << 30
HEAD_ROWS = 2  # the names, and whether there is a row below them


def read_csv(path: Path, chosen: Mapping[str, str], scratch: Path, told: Callable[[float], None]) -> Brought:
    """The rows of a file with a first line of names; numbers go to a file in the folder `scratch`. Labels and other
    words are taken as they are written: 001 and NA stay text. A missing number is NaN, every other one
    float32(float(cell)) to the last bit."""
    separator, header = _first_line(path)
    meaning = meaning_of(header, chosen, path.name)
    words = list(dict.fromkeys(meaning.columns.values()))
    careful = _Careful(separator, header, meaning.values, words)

    def gathered(parts: Callable[[BinaryIO], Iterator[Part]]) -> Brought:
        with path.open("rb") as file:
            return _gathered(file, parts(file), meaning, words, scratch, told)

    try:
        layout = layout_of(separator, header, meaning.values, words)
        return gathered(lambda file: read_parts(file, layout, careful.part))
    except NotPlain:
        pass  # then the whole file again, which says where and what
    try:
        return gathered(careful.parts)
    except NotPlain as problem:
        CellTable(path)  # names the line of what is no text or no cell near the beginning
        raise ValueError(
            f"{shown(path.name)} must be a whole table of UTF-8 text with a number in every cell of "
            f"{shown(meaning.values[0])} and the like, got one that cannot be read ({brief(problem)}). Save it again "
            "as CSV, numbers with a point."
        ) from None


def _gathered(
    file: BinaryIO,
    parts: Iterator[Part],
    meaning: Meaning,
    words: list[str],
    scratch: Path,
    told: Callable[[float], None],
) -> Brought:
    """All parts of the file as one; those read ahead count as read."""
    file.seek(0, 2)
    whole = max(file.tell(), 1)
    file.seek(0)
    cells: list[list[str]] = [[] for _ in words]
    values = ValuesFile(scratch / "vectors.npy", LARGEST_BYTES)
    try:
        for part in parts:
            if len(part.values):
                values.extend(part.values)
                for column, more in zip(cells, part.words, strict=True):
                    column += more
            told(min(file.tell() / whole, 1.0))
        found = values.finish()
    finally:
        values.close()
    columns = {role: cells[words.index(name)] for role, name in meaning.columns.items()}
    return Brought("vectors", found, columns, details={"columns": dict(meaning.columns)})


def _first_line(path: Path) -> tuple[str, list[str]]:
    """What separates the cells, and the names of the columns."""
    table = CellTable(path, HEAD_ROWS)
    first = list(islice(chain.from_iterable(rows.cells for rows in table.rows()), HEAD_ROWS))
    if len(first) < HEAD_ROWS:
        raise ValueError(f"{shown(path.name)} must have a first line of names and rows below it, got none. Add them.")
    header = [cell.strip() for cell in first[0]]
    if len(set(header)) < len(header):
        repeated = next(name for name in header if header.count(name) > 1)
        raise ValueError(
            f"{shown(path.name)} must have a different name for each column, got {shown(repeated)} more than once. "
            "Name the columns in the first line."
        )
    if table.separator == BLANKS and len(header) > 1:
        raise ValueError(
            f"{shown(path.name)} must have commas, semicolons or tabs between its cells, got blanks. Save it as CSV."
        )
    return table.separator, header


class _Careful:
    """Reads what may have quotes, blanks around numbers, or rows that do not fit, and says what does not fit."""

    def __init__(self, separator: str, header: list[str], numbers: tuple[str, ...], words: list[str]) -> None:
        self._separator, self._header, self._numbers, self._words = separator, header, numbers, words

    def parts(self, file: BinaryIO) -> Iterator[Part]:
        """The rows of a whole file below its first line. Raises NotPlain with what is wrong."""
        return self._parts(file, 1)

    def part(self, lines: bytes) -> Part:
        """The rows of some lines."""
        parts = list(self._parts(BytesIO(lines), 0))
        values = np.concatenate([np.empty((0, len(self._numbers)), np.float32), *(part.values for part in parts)])
        words = [[word for part in parts for word in part.words[place]] for place in range(len(self._words))]
        return Part(values, words)

    def _parts(self, file: BinaryIO, passed_lines: int) -> Iterator[Part]:
        from pyarrow import csv, float64, string
        from pyarrow.lib import ArrowException

        types = dict.fromkeys(self._numbers, float64()) | dict.fromkeys(self._words, string())
        read = csv.ReadOptions(block_size=LONGEST_LINE, column_names=self._header, skip_rows=passed_lines)
        parse = csv.ParseOptions(delimiter=self._separator, newlines_in_values=False)
        convert = csv.ConvertOptions(
            column_types=types, include_columns=list(types), null_values=list(MISSING), strings_can_be_null=False
        )
        try:
            yield from map(self._part, csv.open_csv(file, read, parse, convert))
        except (ArrowException, ValueError) as problem:
            raise NotPlain(str(problem)) from None

    def _part(self, batch: RecordBatch) -> Part:
        values = np.empty((batch.num_rows, len(self._numbers)), np.float32)
        with np.errstate(over="ignore"):  # what is beyond float32 is infinite
            for place, name in enumerate(self._numbers):
                values[:, place] = batch.column(name).to_numpy(zero_copy_only=False)
        return Part(values, [batch.column(name).to_pylist() for name in self._words])
