"""The numbers of a column of scores, and what stands there instead of a number."""

from __future__ import annotations

import numpy as np
import pytest

from core.readers.score_cells import LARGEST, Scores


def read(*cells: str, may_have_commas: bool = False) -> list[float]:
    """The scores of one column, on lines from 2 on."""
    return Scores("list", "far", may_have_commas=may_have_commas, form=" (seen)").read(range(2, 99), cells).tolist()


def test_numbers_are_read_to_the_last_digit() -> None:
    values = np.random.default_rng(0).normal(size=500) * 10.0 ** np.arange(-250, 250)
    assert read(*map(repr, values.tolist())) == values.tolist()


def test_blanks_around_a_number_do_not_matter() -> None:
    assert read(" 1.5 ", "-2e-3", "+7") == [1.5, -0.002, 7.0]


@pytest.mark.parametrize("word", ["", " ", "nan", "NaN", "n/a", "NA", "null", "None"])
def test_what_could_not_be_compared_has_no_score(word: str) -> None:
    np.testing.assert_array_equal(read("0.5", word, "0.25"), [0.5, np.nan, 0.25])


def test_a_decimal_comma_is_read_where_no_comma_separates_cells() -> None:
    assert read("0,5", "-1,25", "3", may_have_commas=True) == [0.5, -1.25, 3.0]
    np.testing.assert_array_equal(read("0,5", "nan", may_have_commas=True), [0.5, np.nan])


def test_decimal_marks_must_agree_from_bit_to_bit() -> None:
    scores = Scores("list", "far", may_have_commas=True)
    assert scores.read([2, 3], ["0,5", "1"]).tolist() == [0.5, 1.0]
    with pytest.raises(
        ValueError, match="list must have one decimal mark in the column far, got .* up to line 5. Write"
    ):
        scores.read([4, 5], ["0.5", "1"])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["1", "far"], "^list, line 3: far must be a finite number, got 'far' .seen.. Write it as 0.83, as nan"),
        (["nan", "far"], "line 3: far must be a finite number, got 'far'"),
        (["1_000", "1"], "line 2: far must be a finite number, got '1_000'"),
        (["1", "nan", "1_000"], "line 4: far must be a finite number, got '1_000'"),
        (["0,5"], "line 2: far must be a finite number, got '0,5'"),
        (["-inf"], "line 2: far must be a finite number, got '-inf'"),
        (["1e999"], "line 2: far must be a finite number, got '1e999'"),
        (["1", "-1e301"], "line 3: far must be a finite number below 1e.300 in size, got '-1e301'"),
    ],
)
def test_what_is_no_finite_number_is_told_as_it_is_written(cells: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(*cells)


def test_the_largest_score_is_still_one() -> None:
    assert read(repr(LARGEST), repr(-LARGEST)) == [LARGEST, -LARGEST]
