from __future__ import annotations

from pathlib import Path

import pytest

from core.brought import csv_table
from core.brought.csv_table import CsvTable

KNOWN = ("name", "value")


def table(folder: Path, content: str) -> CsvTable:
    path = folder / "a.csv"
    path.write_bytes(content.encode())
    return CsvTable(path, KNOWN)


def rows(given: CsvTable) -> list[tuple[int, tuple[str, ...]]]:
    """Every row after the line on which it ends."""
    return [
        (line, cells)
        for block in given.blocks()
        for line, cells in zip(block.lines, zip(*block.cells.values(), strict=True), strict=True)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "name,value\nAnn,1\nBob,2\n",
        "\ufeffname,value\r\nAnn,1\r\nBob,2",
        "Name ; VALUE\nAnn;1\nBob;2\n",
        "name\tvalue\nAnn\t1\nBob\t2\n",
        '"name", "value"\n"Ann", "1"\n"Bob", "2"\n',
    ],
)
def test_the_header_decides_how_cells_are_separated(tmp_path: Path, content: str) -> None:
    given = table(tmp_path, content)
    assert given.columns == KNOWN
    assert rows(given) == [(2, ("Ann", "1")), (3, ("Bob", "2"))]


def test_quoted_cells_may_hold_the_separator_quotes_and_ends_of_lines(tmp_path: Path) -> None:
    given = table(tmp_path, 'value,name\n1,"Lee, Ann"\n2,"the ""first"""\n3,"two\r\nlines"\n4,Bob\n')
    assert rows(given) == [
        (2, ("1", "Lee, Ann")),
        (3, ("2", 'the "first"')),
        (5, ("3", "two\r\nlines")),
        (6, ("4", "Bob")),
    ]


def test_rows_come_in_blocks_with_their_lines_around_empty_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", 3)
    content = "name,value\n" + "".join(
        f'"a{row}{chr(10) * (row == 4)}",{row}\n' + "\n" * (row % 5) for row in range(20)
    )
    expected = []
    line = 1
    for row in range(20):
        line += 2 if row == 4 else 1
        expected.append((line, (f"a{row}{chr(10) * (row == 4)}", str(row))))
        line += row % 5
    given = table(tmp_path, content)
    blocks = list(given.blocks())
    assert len(blocks) > 5
    assert rows(table(tmp_path, content)) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "^a.csv must start with a line that names its columns, got ''. Name them with name, value"),
        ("\nname,value\n", "^a.csv must start with a line that names its columns, got ''"),
        ("1,0.5\n", "^a.csv must start with a line that names its columns, got '1,0.5'"),
        ("name,value,folder\n", "^a.csv must have columns out of name, value, got 'folder'. Rename"),
        ("name,value,\n", "^a.csv must have columns out of name, value, got ''. Rename"),
        ("name,value,Name\n", "^a.csv must have each column once, got name again"),
        ("name,value\nAnn,1\n\nBob\n", "^a.csv, line 4 must have as many cells as the header, 2, got 1. Give"),
        ("name,value\nAnn,1\nBob,2,3\n", "^a.csv, line 3 must have as many cells as the header, 2, got 3. Give"),
        ('name,value\n"Ann,1\nBob,2\n', r"^a.csv, line 3 must be cells of CSV, .* \(unexpected end of data\). Check"),
        ('name,value\n"Ann"x,1\n', r"^a.csv, line 2 must be cells of CSV, .* \(',' expected after '\"'\). Check"),
        ("name,value\n" + "x" * 200_000 + ",1\n", r"^a.csv, line 2 must be cells of CSV, .* \(field larger than"),
        ("name,value\rAnn,1\r", "^a.csv, line 1 must be cells of CSV, .*new-line character"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        rows(table(tmp_path, content))
    assert "\n" not in str(raised.value)
