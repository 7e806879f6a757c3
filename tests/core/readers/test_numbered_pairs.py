"""Pairs of numbered samples, line by line, and every way in which a line can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.readers.numbered_pairs import Image, Pair, is_numbered, read_numbered
from tests.core.readers.tables import table

ANN, BOB = Image("Ann", 1), Image("Bob Lee", 12)


def test_an_image_is_written_with_four_digits() -> None:
    assert [str(ANN), str(BOB), str(Image("Kim", 12345))] == ["Ann_0001", "Bob Lee_0012", "Kim_12345"]


def test_a_pair_is_the_same_where_the_person_is() -> None:
    assert Pair(1, ANN, Image("Ann", 2)).is_same and not Pair(1, ANN, BOB).is_same


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("3 300|Ann 1 2", True),
        ("300|Ann 1 2", True),
        ("3 300", True),
        ("300", False),
        ("3 300|4 400", False),
        ("Ann 1 2|Ann 1 Bob 3", True),
        ("name imagenum1 imagenum2|Ann 1 2", True),
        ("Ann 1 2|Bob x 1|Kim y 2", False),
        ("a b 1|a 2 0", False),
        ("Ann 1 0|Bob 2 1", False),
        ("17 1 2|18 1 3", False),
        ("17 1 2|Ann 1 3", True),
    ],
)
def test_a_list_of_numbered_samples_is_told_from_others(rows: str, expected: bool) -> None:
    assert is_numbered([row.split() for row in rows.split("|")]) == expected


@pytest.mark.parametrize("separator", ["\t", " ", ",", ";"])
@pytest.mark.parametrize(
    ("start", "fold", "first_line"),
    [
        ("2 1", [0, 0, 1, 1], "2 1"),
        ("2", [0, 0, 0, 0], "2"),
        ("2 2", [0, 0, 1, 1], "2 2"),
        ("4", [0, 0, 0, 0], "4"),
        ("name imagenum1 imagenum2 ", None, "names of columns"),
        (None, None, ""),
    ],
)
def test_every_line_is_a_pair_and_the_first_may_count_them(
    start: str | None, fold: list[int] | None, first_line: str, separator: str, tmp_path: Path
) -> None:
    lines = ["Ann 1 2", "Ann 1 Bob 03", "", "Bob 1 2", "Bob 2 Ann 2"]
    content = "\n".join([*([] if start is None else [start]), *lines]).replace(" ", separator)
    found = read_numbered(table(tmp_path, content))
    begin = 1 if start is None else 2
    assert found.pairs == [
        Pair(begin, Image("Ann", 1), Image("Ann", 2)),
        Pair(begin + 1, Image("Ann", 1), Image("Bob", 3)),
        Pair(begin + 3, Image("Bob", 1), Image("Bob", 2)),
        Pair(begin + 4, Image("Bob", 2), Image("Ann", 2)),
    ]
    assert (None if found.fold is None else found.fold.tolist()) == fold
    assert found.first_line == first_line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("0 1\nAnn 1 2\nAnn 1 J._Kim 1\n", "line 1 must be the number of folds and of pairs in each, .*, got '0 1'"),
        ("0\nAnn 1 2\n", "line 1 must be the number of folds .*, got '0'"),
        ("2\nAnn 1 2\nAnn 1 3\n", "of different identities, got 2 and 0. Add"),
        (
            "2\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\n",
            r"must hold as many pairs .*, 4 \(1 x 2 of each kind\) or 2 in all, got 3",
        ),
        (
            "2 2\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\n",
            r"must hold as many pairs .*, 8 \(2 x 2 of each .* 4 in all, got 3",
        ),
        (
            "2 1\nAnn 1 2\nAnn 1 3\nAnn 1 J._Kim 1\nAnn 1 J._Kim 2\n",
            "must hold pairs of 1 of each kind in every fold, got 2 of the same and 0 of different people in fold 1",
        ),
        (
            "2 2\nAnn 1 2\nAnn 1 J._Kim 2\nAnn 1 J._Kim 1\nAnn 1 J._Kim 2\n",
            "must hold pairs of both kinds in every fold, got 0 of the same and 2 of different people in fold 2",
        ),
        ("1\nAnn 1\nAnn 1 J._Kim 1\n", "line 2 must be a name and two image numbers, .*, got 'Ann 1'"),
        ("1\nAnn 1 2\nAnn 1 J._Kim 1 5\n", "line 3 must be a name and two image numbers, .*, got 'Ann 1 J._Kim 1 5'"),
        ("1\nAnn\t\t1\t2\n", "line 2 must be a name and two image numbers, .*, got"),
        ("1\nAnn 1 2\nAnn 1 J._Kim\n", "line 3: an image number must be a whole number, got 'J._Kim'"),
        ("1\nAnn 1 2\nAnn one J._Kim 1\n", "line 3: an image number must be a whole number, got 'one'"),
        ("1\nAnn 1 -2\n", "line 2: an image number must be a whole number, got '-2'"),
        ("1\nAnn 1 2\n\nAnn 1 Ann 2\n", "line 4 must name two people where it has four parts, got 'Ann' twice"),
        ("1\nAnn 2 2\nAnn 1 J._Kim 1\n", "line 2 must compare two images, got Ann_0002 with itself"),
        ("1\nAnn 2 02\nAnn 1 J._Kim 1\n", "line 2 must compare two images, got Ann_0002 with itself"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"^a.csv.*{message}") as raised:
        read_numbered(table(tmp_path, content))
    said = str(raised.value)
    assert " must " in said and ", got " in said and said.endswith(".") and "\n" not in said
