"""The folds of listed pairs, from a column, from what is said, and from the order of the lines."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import KFold

from core.readers.folds import MOST_FOLDS, check_folds, folds_of
from core.readers.pair_list import PairList


def listed(is_same: np.ndarray, fold: np.ndarray | None = None) -> PairList:
    return PairList("list", np.arange(len(is_same)), is_same, fold=fold)


def taking_turns(*sizes: int) -> np.ndarray:
    """Runs of so many pairs of the same and of different identities."""
    return np.repeat([place % 2 == 0 for place in range(len(sizes))], sizes)


def found(is_same: np.ndarray, said: str = "", *, by_order: bool = True) -> tuple[list[int] | None, str]:
    fold, known_by = folds_of(listed(is_same), is_same, said, by_order=by_order)
    return (None if fold is None else fold.tolist()), known_by


def test_a_column_of_the_file_is_taken_unless_none_are_wanted() -> None:
    is_same, column = taking_turns(2, 2, 2, 2), np.array([0, 0, 1, 1, 2, 2, 3, 3])
    for said in ("", "2"):
        fold, known_by = folds_of(listed(is_same, column), is_same, said, by_order=True)
        assert fold is column and known_by == "as the file has them"
    assert folds_of(listed(is_same, column), is_same, "none", by_order=True) == (None, "")


@pytest.mark.parametrize(("count", "folds"), [(20, 3), (20, 10), (7, 7), (11, 2)])
def test_parts_are_cut_as_scikit_learn_cuts_them(count: int, folds: int) -> None:
    expected = np.empty(count, int)
    for number, (_, rows) in enumerate(KFold(folds).split(np.arange(count))):
        expected[rows] = number
    fold, known_by = found(taking_turns(count), str(folds))
    assert fold == expected.tolist() and known_by == "of equal size in the order of the lines, as you said"


@pytest.mark.parametrize("said", ["0", "1", "9", "101", "9999999999"])
def test_there_are_from_two_parts_to_as_many_as_pairs(said: str) -> None:
    with pytest.raises(ValueError, match="the folds of list must be from 2 to 8, got .* for 8 pairs. Give another"):
        found(taking_turns(4, 4), said)


@pytest.mark.parametrize("folds", [2, 10, MOST_FOLDS])
def test_equal_runs_of_both_kinds_are_folds_where_the_order_may_tell(folds: int) -> None:
    is_same = taking_turns(*[3] * (2 * folds))
    expected = [fold for fold in range(folds) for _ in range(6)]
    assert found(is_same) == (expected, "by the order of the lines")
    assert found(~is_same) == (expected, "by the order of the lines")
    assert found(is_same, by_order=False) == (None, "")


@pytest.mark.parametrize(
    "sizes",
    [(3, 3), (3, 3, 3), (3, 3, 3, 2), (1, 1, 1, 1), (4,), [2] * (2 * MOST_FOLDS + 2)],
    ids=["one fold", "no end", "unequal", "single pairs", "one kind", "too many"],
)
def test_any_other_order_tells_of_no_folds(sizes: tuple[int, ...]) -> None:
    assert found(taking_turns(*sizes)) == (None, "")


def test_every_fold_has_both_kinds() -> None:
    fold = np.array([0, 0, 1, 1, 2, 2])
    check_folds("list", fold, np.array([True, False] * 3))
    message = "list must hold pairs of both kinds in every fold, got 0 of the same and 2 of different .* fold 2 of 3"
    with pytest.raises(ValueError, match=message):
        check_folds("list", fold, np.array([True, False, False, False, True, False]))
