"""One list as it is found and as it is said to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.readers.numbered_pairs import Image
from core.readers.pair_list import NOTHING_SAID, Corrections
from core.readers.pair_reader import read_pair_list
from tests.core.readers.tables import written


@pytest.mark.parametrize(
    ("content", "said", "truth"),
    [
        ("1 0.5\n0 0.75\n", NOTHING_SAID, "truth first"),
        ("0.5,1\n0.75,0\n", NOTHING_SAID, "truth last"),
        ("0.5;target\n0.75;nontarget\n", NOTHING_SAID, "truth last"),
        ("a b 1 0.5\na c 0 0.75\n", NOTHING_SAID, "truth in column 3"),
        ("1\ta\tb\t0.5\n0\ta\tc\t0.75\n", NOTHING_SAID, "truth first"),
        ("1 17 23 0.5\n0 17 24 0.75\n", NOTHING_SAID, "truth first"),
        ("1 2 1 0.5\n1 10 0 0.75\n", NOTHING_SAID, "truth in column 3"),
        ("1 1 0.5\n1 0 0.75\n", Corrections(truth="2", score="3"), "truth in column 2"),
        ("1 0.5\n0 0.75\n", Corrections(truth="first"), "truth first"),
        ("0.5 1 1\n0.75 1 0\n", Corrections(truth="last", score="1"), "truth last"),
        ("verdict,points\n1,0.5\n0,0.75\n", NOTHING_SAID, "truth in verdict"),
        (",verdict,points\n7,1,0.5\n8,0,0.75\n", Corrections(truth="verdict", score="points"), "truth in verdict"),
        ("label,is_same,distance\n0,1,0.5\n1,0,0.75\n", NOTHING_SAID, "truth in is_same"),
        ("label,match,distance\n0,1,0.5\n1,0,0.75\n", Corrections(truth="Match"), "truth in match"),
        ("is_same,distance,score\n1,0.5,3\n0,0.75,4\n", Corrections(score="distance"), "truth in is_same"),
        ("is_same,distance\n0,0.5\n1,0.75\n", Corrections(same="0"), "truth in is_same"),
        ("verdict,distance\nP,0.5\nN,0.75\n", Corrections(truth="verdict", same="p"), "truth in verdict"),
    ],
)
def test_truth_and_score_are_found_or_said(tmp_path: Path, content: str, said: Corrections, truth: str) -> None:
    found = read_pair_list(written(tmp_path, content), said)
    assert found.is_same is not None and found.is_same.tolist() == [True, False]
    assert found.scores is not None and found.scores.tolist() == [0.5, 0.75]
    assert found.truth == truth and found.name == "a.csv"


@pytest.mark.parametrize(
    ("said", "fold"),
    [("", [1, 0, 1]), ("none", None), ("3", None), ("fold", [1, 0, 1]), ("part", [0, 0, 1]), ("2", None)],
)
def test_folds_are_a_column_unless_something_else_is_said(said: str, fold: list[int] | None, tmp_path: Path) -> None:
    content = "is_same,fold,part\n1,10,a\n0,9,a\n0,10,b\n"
    found = read_pair_list(written(tmp_path, content), Corrections(folds=said)).fold
    assert (None if found is None else found.tolist()) == fold


def test_columns_that_may_hold_the_truth_are_named_for_whoever_corrects(tmp_path: Path) -> None:
    assert read_pair_list(written(tmp_path, "is_same,points,seen\n1,0.5,no\n0,0.75,yes\n")).columns == (
        "is_same",
        "seen",
    )
    assert read_pair_list(written(tmp_path, "x 1 0.5\ny 0 0.75\n"), Corrections(truth="2", score="3")).columns == ("2",)


def test_numbered_samples_are_pairs_of_people(tmp_path: Path) -> None:
    content = "1\nKim 1 2\nKim 1 Ann 2\n"
    found = read_pair_list(written(tmp_path, content))
    assert found.is_same is not None and found.is_same.tolist() == [True, False]
    assert found.lines.tolist() == [2, 3] and found.fold is not None and found.fold.tolist() == [0, 0]
    assert found.sides is not None and found.sides.names == ("Ann", "Kim") and found.sides.are_identities
    assert found.sides.places.tolist() == [[1, 1], [1, 0]]
    assert found.sides.images == (
        (Image("Kim", 1), Image("Kim", 2)),
        (Image("Kim", 1), Image("Ann", 2)),
    )
    assert found.form() == (
        "the same where one person is named; name and number of each sample; columns between blanks; first line 1"
    )
    said = read_pair_list(written(tmp_path, "Kim 1 2\nKim 0 3\n"), Corrections(truth="2"))
    assert said.is_same is not None and said.is_same.tolist() == [True, False], "they may be said to be something else"


SAMES = "is_same,distance\n1,0.5\n0,0.75\n"


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        ("", NOTHING_SAID, "^a.csv must hold pairs, got an empty file. Write one pair in each line."),
        ("is_same,far,Is Same\n", NOTHING_SAID, "a.csv must have each column once, got is_same again. Remove one"),
        (
            SAMES,
            Corrections(truth="right"),
            "--truth must be first, last or a column of a.csv .'is_same', 'distance'., got",
        ),
        (SAMES, Corrections(score="3"), "--score must be a column of a.csv .*, got '3'. Name one of these."),
        (SAMES, Corrections(score="0"), "--score must be a column of a.csv .*, got '0'"),
        (SAMES, Corrections(score="first"), "--score must be a column of a.csv .*, got 'first'"),
        (SAMES, Corrections(folds="year"), "--folds must be a column of a.csv .*, got 'year'"),
        (SAMES + "0\n", NOTHING_SAID, "a.csv, line 4 must have as many cells as the first line, 2, got 1"),
    ],
)
def test_what_is_wrong_is_told(content: str, said: Corrections, message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        read_pair_list(written(tmp_path, content), said)


def test_a_list_reads_the_same_with_and_without_its_first_line(tmp_path: Path) -> None:
    rows = "a b 1 0.5\na c 0 0.75\n"
    bare = read_pair_list(written(tmp_path, rows))
    named = read_pair_list(written(tmp_path, "file1 file2 same similarity\n" + rows))
    assert bare.sides is not None and named.sides is not None
    assert bare.sides.names == named.sides.names and (bare.sides.places == named.sides.places).all()
    assert (bare.direction, named.direction) == ("similarity", "similarity")
    assert replace(bare, sides=None, known_by="").form() == "truth in column 3; columns between blanks; no first line"
