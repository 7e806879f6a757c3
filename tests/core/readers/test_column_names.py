from __future__ import annotations

import pytest

from core.readers.column_names import (
    are_identities,
    are_numbers,
    base_of,
    couple_of,
    direction_of,
    have_fractions,
    is_name_of,
    is_number,
    may_be_truth,
    role_of,
    word_of,
)


def column(*cells: str) -> list[list[str]]:
    return [[cell] for cell in cells]


@pytest.mark.parametrize("cell", ["Is Same", " is-same ", "IS_SAME", "is  same"])
def test_names_are_compared_without_case_blanks_and_hyphens(cell: str) -> None:
    assert word_of(cell) == "is_same" and role_of(cell) == "truth"


@pytest.mark.parametrize(
    ("cell", "is_finite"),
    [("1", True), ("-2.5e3", True), (" 7 ", True), ("1_000", False), ("nan", False), ("inf", False), ("1,5", False)],
)
def test_a_number_is_finite_and_written_as_files_write_it(cell: str, is_finite: bool) -> None:
    assert is_number(cell) == is_finite


@pytest.mark.parametrize(
    ("cell", "role", "direction"),
    [
        ("issame", "truth", "score"),
        ("L2", "distance", "distance"),
        ("cosine", "similarity", "similarity"),
        ("cosine distance", "distance", "distance"),
        ("score", "score", "score"),
        ("fold", "fold", "score"),
        ("arcface_similarity", "similarity", "similarity"),
        ("my-distance", "distance", "distance"),
        ("dissimilarity", "distance", "distance"),
        ("face_dissimilarity", "distance", "distance"),
        ("age", "", "score"),
    ],
)
def test_a_known_name_says_what_a_column_holds_and_which_scores_are_closer(
    cell: str, role: str, direction: str
) -> None:
    assert (role_of(cell), direction_of(cell)) == (role, direction)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (["second", "score", "first"], (2, 0)),
        (["file1", "x", "file2"], (0, 2)),
        (["img_b", "img_a"], (1, 0)),
        (["id_1", "id2"], (0, 1)),
        (["enroll", "test"], (0, 1)),
        (["file1", "file3"], None),
        (["1", "2"], None),
        (["id1", "name2"], None),
        ([], None),
    ],
)
def test_two_columns_name_the_sides_of_a_pair(words: list[str], places: tuple[int, int] | None) -> None:
    assert couple_of(words) == places


def test_a_couple_is_of_identities_or_of_samples_by_its_name() -> None:
    assert are_identities("first", "second") and are_identities("claimed_id", "real_id")
    assert are_identities("person_1", "person_2") and are_identities("ida", "idb")
    assert not are_identities("file1", "file2") and not are_identities("left", "right")
    assert [base_of(word) for word in ("person_1", "filea", "left", "file12")] == ["person", "file", None, None]


@pytest.mark.parametrize(
    ("cells", "may_be"),
    [
        (["1", "0"], True),
        (["yes", "no", "maybe"], True),
        (["yes", "maybe"], False),
        (["1", "0", "0", "0.5"], False),
        (["a", "b"], False),
    ],
)
def test_most_cells_of_a_truth_are_truths_and_none_another_number(cells: list[str], may_be: bool) -> None:
    assert may_be_truth(column(*cells), 0) == may_be


@pytest.mark.parametrize(
    ("cells", "are", "fractions"),
    [
        (["1", "2"], True, False),
        (["0.5", "2"], True, True),
        (["0,5", "2"], True, False),
        (["0.5", "nan", "", "N/A"], True, True),
        (["0.5", "0.25", "far"], True, True),
        (["1", "2", "far"], False, False),
        (["nan", ""], False, False),
        (["a.png", "b.png"], False, False),
    ],
)
def test_numbers_may_be_missing_and_a_few_of_many_fractions_misspelt(
    cells: list[str], are: bool, fractions: bool
) -> None:
    assert (are_numbers(column(*cells), 0), have_fractions(column(*cells), 0)) == (are, fractions)


@pytest.mark.parametrize(
    ("cell", "below", "is_name"),
    [
        ("points", ["0.5", "2"], True),
        ("verdict", ["1", "no"], True),
        ("true", ["1", "false"], False),
        ("nan", ["0.5", "2"], False),
        ("a.png", ["b.png", "c.png"], False),
    ],
)
def test_a_name_stands_over_numbers_or_over_truths_spelt_otherwise(cell: str, below: list[str], is_name: bool) -> None:
    assert is_name_of(cell, below) == is_name
