"""A table as a CSV that a spreadsheet opens without taking a name for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell may not begin with, spaces left aside: the last four are full-width forms that some spreadsheets take for
the first four."""


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lines of cells by commas, as RFC 4180 has them. Numbers stay as they are, None and NaN are empty, and a text that
    a spreadsheet might calculate begins with an apostrophe, after which it is shown as it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(cell) for cell in head])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def neutral(text: str) -> str:
    """The text as a cell that is no formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULAS) or text.startswith("'") else text


def _cell(cell: object) -> object:
    if cell is None or cell != cell:
        return ""
    return neutral(cell) if isinstance(cell, str) else cell
