"""Columns of known roles, read bit by bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.readers import csv_table
from core.readers.column_roles import Roles
from core.readers.pair_columns import PairColumns
from core.readers.pair_list import NOTHING_SAID, Corrections, PairList
from tests.core.readers.tables import table

HEADED = "a,b,same,far,part\nAnn,Bob,0,0.5,10\nAnn,Ann,1,nan,9\nBob,Ann,0,2,10\n"
EVERY = Roles(2, 3, (0, 1), True, 4, "distance")


def taken(
    folder: Path, content: str, roles: Roles, said: Corrections = NOTHING_SAID, *, headed: bool = True
) -> PairList:
    cells = table(folder, content)
    columns = tuple(cells.head.cells[0]) if headed else tuple(map(str, range(1, len(cells.head.cells[0]) + 1)))
    reader = PairColumns(cells, columns if headed else (), columns, roles, said)
    for lines, rows in cells.columns(int(headed), len(columns)):
        reader.take(lines, rows)
    return reader.pair_list()


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_a_list_is_the_same_however_many_rows_come_at_once(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "ROWS_AT_ONCE", at_once)
    found = taken(tmp_path, HEADED, EVERY)
    assert found.lines.tolist() == [2, 3, 4]
    assert found.is_same is not None and found.is_same.tolist() == [False, True, False]
    np.testing.assert_array_equal(found.scores, [0.5, np.nan, 2.0])
    assert found.sides is not None and found.sides.are_identities and found.sides.names == ("Ann", "Bob")
    assert found.sides.places.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert found.fold is not None and found.fold.tolist() == [1, 0, 1], "by number: 10 comes after 9"
    assert (found.direction, found.known_by) == ("distance", "by the name of the column 'far'")
    assert (found.truth, set(found.words)) == ("truth in same", {"0", "1"})


@pytest.mark.parametrize(
    ("roles", "notes"),
    [
        (EVERY, ("columns between commas", "names in the first line")),
        (Roles(2, 3), ("columns between commas", "names in the first line", "left aside: a, b, part")),
    ],
)
def test_what_has_no_role_is_left_aside_and_told(roles: Roles, notes: tuple[str, ...], tmp_path: Path) -> None:
    assert taken(tmp_path, HEADED, roles).notes == notes


def test_what_the_list_does_not_have_is_none(tmp_path: Path) -> None:
    found = taken(tmp_path, HEADED, Roles(names=(0, 1)))
    assert (found.is_same, found.scores, found.fold) == (None, None, None)
    assert (found.direction, found.known_by, found.truth) == ("score", "", "")
    assert found.sides is not None and not found.sides.are_identities


def test_identities_tell_the_truth_where_no_column_does(tmp_path: Path) -> None:
    found = taken(tmp_path, HEADED, Roles(names=(0, 1), are_identities=True))
    assert found.is_same is not None and found.is_same.tolist() == [False, True, False]
    assert found.truth == "the same where a and b are" and found.words == ()


@pytest.mark.parametrize(("truth", "said"), [(0, "truth first"), (1, "truth in column 2"), (2, "truth last")])
def test_without_names_the_truth_is_told_by_its_place(truth: int, said: str, tmp_path: Path) -> None:
    found = taken(tmp_path, "1 1 1\n0 0 0\n", Roles(truth), headed=False)
    assert found.truth == said and found.notes[:2] == ("columns between blanks", "no first line")


@pytest.mark.parametrize(
    ("roles", "said", "headed", "direction"),
    [
        (Roles(score=1, direction="similarity"), "", True, ("similarity", "by the name of the column 'far'")),
        (Roles(score=1, direction="similarity"), "", False, ("similarity", "as lists of trials have it")),
        (Roles(score=1, direction="similarity", form="Bob"), "", True, ("similarity", "as Bob has it")),
        (Roles(score=1, direction="similarity"), "smaller", True, ("distance", "as you said")),
        (Roles(score=1, direction="distance"), "larger", True, ("similarity", "as you said")),
        (Roles(score=1), "", True, ("score", "by the name of the column 'far'")),
    ],
)
def test_who_says_so_goes_before_the_form_and_the_name(
    roles: Roles, said: str, headed: bool, direction: tuple[str, str], tmp_path: Path
) -> None:
    found = taken(tmp_path, f"{'same,far' if headed else '1,0'}\n1,2\n", roles, Corrections(closer=said), headed=headed)
    assert (found.direction, found.known_by) == direction


def test_a_form_has_its_own_truth_and_is_told(tmp_path: Path) -> None:
    found = taken(tmp_path, "7 7 0.5\n7 8 0.25\n", Roles(None, 2, (0, 1), True, form="Bob"), headed=False)
    assert found.is_same is not None and found.is_same.tolist() == [True, False]
    assert found.truth == "the same where the claimed identity is the real one"
    assert "in the form of Bob" in found.notes


def test_folds_that_are_words_are_in_the_order_of_the_alphabet(tmp_path: Path) -> None:
    found = taken(tmp_path, "part\ntest\ndev\ntest\n", Roles(fold=0))
    assert found.fold is not None and found.fold.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        (HEADED.replace("Bob,Ann,0", "Bob,Bob,0"), "", "line 4: same must agree with a and b, got '0' for 'Bob' and"),
        (HEADED.replace("Ann,Bob,0", "Ann,Bob,1"), "", "line 2: same must agree with a and b, got '1' for 'Ann' and"),
        (HEADED.replace("Ann,Ann", "Ann, "), "", "line 3: b must name an identity, got an empty cell .truth in same;"),
        (HEADED.replace("2,10", "2,"), "", "line 4: part must name a fold, got an empty cell"),
        (HEADED.replace("0.5", "half"), "", "line 2: far must be a finite number, got 'half' .truth in same; columns"),
        (HEADED.replace(",1,", ",?,"), "", "line 3: same must be 1 or 0, .*, got '.' .truth in same; columns"),
        (HEADED.replace("a,b", "one,two"), "2", "the word for the same identity in a.csv must be one of the column"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_with_its_line(content: str, said: str, message: str, tmp_path: Path) -> None:
    roles = Roles(2, 3, fold=4) if said else EVERY
    with pytest.raises(ValueError, match=message):
        taken(tmp_path, content, roles, Corrections(same=said))


def test_a_sample_must_have_a_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 2: b must name a sample, got an empty cell"):
        taken(tmp_path, "a,b\nx,\n", Roles(names=(0, 1)))
