from __future__ import annotations

import numpy as np
import pytest

from core.readers.row_ranges import rows_in, without_rows
from core.verification.leaving_out import as_ranges


@pytest.mark.parametrize(
    ("rows", "ranges"), [([3], "3"), ([3, 5, 6, 7], "3,5-7"), ([7, 6, 0, 1, 1], "0-1,6-7"), ([], "")], ids=str
)
def test_rows_in_a_row_are_one_range(rows: list[int], ranges: str) -> None:
    assert as_ranges(rows) == ranges


@pytest.mark.parametrize("seed", range(5))
def test_ranges_are_read_back_as_the_rows_they_were_made_of(seed: int) -> None:
    rows = np.flatnonzero(np.random.default_rng(seed).random(200) < (seed + 1) / 6)
    assert 0 < len(rows) < 200
    np.testing.assert_array_equal(rows_in(as_ranges(rows), 200), rows)


@pytest.mark.parametrize("ranges", ["", "x", "-3", "5-3", "10", "3,", "0-10", "1e3", "3;4"])
def test_what_names_no_row_is_refused_with_the_rows_there_are(ranges: str) -> None:
    with pytest.raises(ValueError, match="rows to leave out must be rows from 0 to 9, as 3,5-7, got"):
        rows_in(ranges, 10)


def test_some_rows_must_be_left() -> None:
    with pytest.raises(ValueError, match="must not be all, got all 10 of them"):
        rows_in("0-9", 10)


def test_classes_that_lose_all_their_rows_are_gone() -> None:
    embeddings, labels = np.random.default_rng(0).normal(size=(6, 3)), np.array([0, 0, 1, 1, 2, 2])
    left, numbers, names = without_rows("0-1", embeddings, labels, ("a", "b", "c"))
    np.testing.assert_array_equal(left, embeddings[2:])
    assert numbers.tolist() == [0, 0, 1, 1] and names == ("b", "c")
    with pytest.raises(ValueError, match="class"):
        without_rows("0-3", embeddings, labels, ("a", "b", "c"))
