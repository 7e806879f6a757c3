"""Small files of cells, for the tests of what is read out of them."""

from __future__ import annotations

from pathlib import Path

from core.readers.csv_table import CellTable


def written(folder: Path, content: str) -> Path:
    """A file of this content; its name is the one that errors tell."""
    path = folder / "a.csv"
    path.write_bytes(content.encode())
    return path


def table(folder: Path, content: str) -> CellTable:
    return CellTable(written(folder, content))
