"""Embeddings in a table of text: numbers in columns x0, x1 and so on, with columns of words beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.admission.brought import Brought
from core.admission.column_meaning import Meaning, meaning_of
from core.admission.values_file import ValuesFile
from core.readers.csv_table import BLANKS, CellTable
from core.system.quoting import brief, shown

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.csv import CSVStreamingReader

LARGEST_BYTES = 8 << 30
BLOCK_BYTES = 4 << 20  # of text, read and parsed at a time
HEAD_ROWS = 2  # the names, and whether there is a row below them
MISSING = ["", "nan", "NaN", "NA", "null"]  # in place of a number; words are always what is written


def read_csv(path: Path, chosen: Mapping[str, str], scratch: Path, told: Callable[[float], None]) -> Brought:
    """The rows of a file with a first line of names; numbers go to a file in the folder `scratch`. Labels and other
    words are taken as they are written: 001 and NA stay text. A missing number is NaN."""
    from pyarrow.lib import ArrowException

    separator, header = _first_line(path)
    meaning = meaning_of(header, chosen, path.name)
    cells: dict[str, list[str]] = {role: [] for role in meaning.columns}
    values = ValuesFile(scratch / "vectors.npy", LARGEST_BYTES)
    try:
        with path.open("rb") as file:
            whole = max(path.stat().st_size, 1)
            for batch in _batches(file, separator, header, meaning):
                if batch.num_rows:
                    values.extend(_numbers(batch, meaning))
                    for role, name in meaning.columns.items():
                        cells[role] += batch.column(name).to_pylist()
                told(min(file.tell() / whole, 1.0))
        found = values.finish()
    except (ArrowException, ValueError) as problem:
        if not isinstance(problem, ArrowException) and " must " in str(problem):
            raise
        CellTable(path)  # names the line of what is no text or no cell near the beginning
        raise ValueError(
            f"{shown(path.name)} must be a whole table of UTF-8 text with a number in every cell of "
            f"{shown(meaning.values[0])} and the like, got one that cannot be read ({brief(problem)}). Save it again "
            "as CSV, numbers with a point."
        ) from None
    finally:
        values.close()
    return Brought("vectors", found, cells, details={"columns": dict(meaning.columns)})


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


def _batches(file: object, separator: str, header: list[str], meaning: Meaning) -> CSVStreamingReader:
    from pyarrow import csv, float32, string

    wanted = [*meaning.values, *dict.fromkeys(meaning.columns.values())]
    types = {name: float32() if name in set(meaning.values) else string() for name in wanted}
    return csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=BLOCK_BYTES, column_names=header, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=False),
        convert_options=csv.ConvertOptions(
            column_types=types, include_columns=wanted, null_values=MISSING, strings_can_be_null=False
        ),
    )


def _numbers(batch: RecordBatch, meaning: Meaning) -> np.ndarray:
    """The numbers (B, D) of some rows."""
    found = np.empty((batch.num_rows, len(meaning.values)), np.float32)
    for place, name in enumerate(meaning.values):
        found[:, place] = batch.column(name).to_numpy(zero_copy_only=False)
    return found
