from __future__ import annotations

from pathlib import Path

import pytest

from core.readers import csv_table
from core.readers.csv_table import CellTable
from tests.core.readers.tables import table


def rows(given: CellTable, skipped: int = 0, width: int = 2) -> list[tuple[int, tuple[str, ...]]]:
    """Every row after the line on which it ends."""
    return [
        (line, cells)
        for lines, columns in given.columns(skipped, width)
        for line, cells in zip(lines, zip(*columns, strict=True), strict=True)
    ]


@pytest.mark.parametrize(
    ("content", "separated_by"),
    [
        ("name,value\nAnn,1\nBob,2\n", "commas"),
        ("\ufeffname,value\r\nAnn,1\r\nBob,2", "commas"),
        ("name ;value\nAnn;1\nBob;2\n", "semicolons"),
        ("name;value\nAnn;1,5\nBob;2,5\n", "semicolons"),
        ("name\tvalue\nAnn Lee\t1\nBob\t2\n", "tabs"),
        ("name value\nAnn 1\n  Bob   2  \n", "blanks"),
        ("name value\nAnn,Lee 1\nBob 2\n", "blanks"),
        ("500\nAnn,1\nBob,2\n", "commas"),
        ("3 500\nAnn\t1\nBob\t2\n", "tabs"),
        ('"name", "value"\n"Ann; x", "1"\n"Bob; y", "2"\n', "commas"),
        ("1;0,5\n0;0,7\n", "semicolons"),
    ],
)
def test_the_first_lines_tell_how_cells_are_separated(tmp_path: Path, content: str, separated_by: str) -> None:
    given = table(tmp_path, content)
    assert given.separated_by == separated_by
    assert {len(row) for row in given.head.cells} <= {1, 2}


def test_a_head_is_at_hand_and_comes_with_the_others(tmp_path: Path) -> None:
    given = table(tmp_path, "name,value\nAnn,1\nBob,2\n")
    assert given.head.cells == [["name", "value"], ["Ann", "1"], ["Bob", "2"]]
    assert rows(given, skipped=1) == [(2, ("Ann", "1")), (3, ("Bob", "2"))]
    assert rows(given) == []


def test_as_few_rows_as_asked_for_are_read_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,value\nAnn,1\n\nBob,2\n")
    given = CellTable(tmp_path / "a.csv", 2)
    assert given.head.cells == [["name", "value"], ["Ann", "1"]]
    assert rows(given, skipped=1) == [(2, ("Ann", "1")), (4, ("Bob", "2"))]


def test_quoted_cells_may_hold_the_separator_quotes_and_ends_of_lines(tmp_path: Path) -> None:
    given = table(tmp_path, 'value,name\n1,"Lee, Ann"\n2,"the ""first"""\n3,"two\r\nlines"\n4,Bob\n')
    assert rows(given, skipped=1) == [
        (2, ("1", "Lee, Ann")),
        (3, ("2", 'the "first"')),
        (5, ("3", "two\r\nlines")),
        (6, ("4", "Bob")),
    ]


@pytest.mark.parametrize("separator", [",", " "])
def test_rows_come_in_blocks_with_their_lines_around_empty_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, separator: str
) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", 3)
    broken = chr(10) * (separator == ",")
    content, expected, line = "", [], 0
    for row in range(20):
        name = f"a{row}{broken * (row == 4)}"
        quoted = f'"{name}"' if broken else name
        content += f"{quoted}{separator}{row}\n" + "\n" * (row % 5)
        line += 2 if broken and row == 4 else 1
        expected.append((line, (name, str(row))))
        line += row % 5
    assert len(list(table(tmp_path, content).rows())) > 5
    assert rows(table(tmp_path, content)) == expected


def test_an_empty_file_has_no_head(tmp_path: Path) -> None:
    for content in ("", "\n\n", " \n", ",,\n"):
        assert table(tmp_path, content).head.cells == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "name,value\nAnn,1\n\nBob\n",
            "^a.csv, line 4 must have as many cells as the first line, 2, got 1 between com",
        ),
        ("name,value\nAnn,1\nBob,2,3\n", "^a.csv, line 3 must have as many cells as the first line, 2, got 3 between"),
        (
            "name value\nAnn 1\nBob\n",
            "^a.csv, line 3 must have as many cells as the first line, 2, got 1 between blanks",
        ),
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
