"""Which column holds what, as a user would say of the same list."""

from __future__ import annotations

import pytest

from core.readers.column_roles import Roles, check_is_a_list, has_header, roles_by_cells, roles_by_name


def rows_of(text: str) -> list[list[str]]:
    """Rows between bars, cells between blanks."""
    return [row.split() for row in text.split("|")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is_same distance | 1 0.5", True),
        ("file1 file2 | a b", True),
        ("first second | a b", True),
        ("verdict points | 1 0.5 | 0 0.7", True),
        ("distance", True),
        ("a.png b.png same | c.png d.png different", False),
        ("a1 a2 target | a3 b1 nontarget", False),
        ("0.5 1 | 0.7 0", False),
        ("a b | c d", False),
    ],
)
def test_a_first_line_names_columns_or_is_a_row(text: str, expected: bool) -> None:
    assert has_header(rows_of(text)) == expected


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("is_same distance | 1 0.5", Roles(0, 1, direction="distance")),
        ("cosine note match | 0.5 x 1", Roles(2, 0, direction="similarity")),
        ("first second score | a b 0.5", Roles(None, 2, (0, 1), True)),
        ("file2 file1 is_same fold | a b 1 3", Roles(2, None, (1, 0), False, 3)),
        ("verdict points | 1 0.5 | 0 0.75", Roles(0, 1)),
        ("label is_same distance | 0 1 0.5", Roles(1, 2, direction="distance")),
        ("claimed_id real_id probe score | 1 1 a 0.5", Roles(None, 3, (0, 1), True, None, "similarity", "Bob")),
        ("person1 person2 verdict distance | a b 1 0.5", Roles(None, 3, (0, 1), True, direction="distance")),
        ("left right | a b", Roles(names=(0, 1))),
    ],
)
def test_names_tell_the_roles_and_the_cells_what_they_leave_open(text: str, roles: Roles) -> None:
    header, *rows = rows_of(text)
    assert roles_by_name("list", header, rows, Roles()) == roles


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        (Roles(truth=1), Roles(1, 3, direction="distance")),
        (Roles(truth=1, score=2), Roles(1, 2)),
        (Roles(truth=0, fold=1), Roles(0, 3, fold=1, direction="distance")),
    ],
)
def test_what_is_said_goes_before_the_names(said: Roles, roles: Roles) -> None:
    header, *rows = rows_of("is_same match points distance | 1 0 7 0.5")
    assert roles_by_name("list", header, rows, said) == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("1 0.5 | 0 0.75", Roles(0, 1)),
        ("a b target | a c nontarget", Roles(2, None, (0, 1), direction="similarity")),
        ("a b 0.5 | a c 0.75", Roles(None, 2, (0, 1), direction="similarity")),
        ("1 17 23 0.5 | 0 17 24 0.75", Roles(0, 3, (1, 2), direction="similarity")),
        ("a b | c d", Roles(None, None, (0, 1), direction="similarity")),
        ("1 | 0", Roles(0)),
        ("1 1 | 1 0", Roles(1, 0)),
        ("7 7 probe 0.5 | 7 8 other 0.25", Roles(None, 3, (0, 1), True, None, "similarity", "Bob")),
        ("7 m 7 probe 0.5 | 7 m 8 other 0.25", Roles(None, 4, (0, 2), True, None, "similarity", "Bob")),
    ],
)
def test_without_names_the_cells_tell(text: str, roles: Roles) -> None:
    assert roles_by_cells("list", rows_of(text), Roles()) == roles


def test_places_that_are_used_are_those_with_a_role() -> None:
    assert Roles(0, None, (2, 4), fold=5).used() == {0, 2, 4, 5}
    assert Roles().used() == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("match same | 1 1", "list must have one column for the truth, got 'match' and 'same'. .*--truth NAME"),
        ("is_same distance cosine | 1 2 3", "list must have one column for scores, got 'distance' and 'cosine'. "),
        ("is_same fold split | 1 2 3", "list must have one column for folds, got 'fold' and 'split'. .*--folds NAME"),
    ],
)
def test_one_role_is_of_one_column(text: str, message: str) -> None:
    header, *rows = rows_of(text)
    with pytest.raises(ValueError, match=message):
        roles_by_name("list", header, rows, Roles())


def test_of_many_columns_the_first_are_named() -> None:
    header = ["is_same", *(f"my score {letter}" for letter in "cdefghij")]
    with pytest.raises(ValueError, match="got 'my score c' and 'my score d' and 'my score e' and 5 more. Say which"):
        roles_by_name("list", header, [["1", *["0.5"] * 8]] * 3, Roles())


def vectors(*first: str) -> list[list[str]]:
    return [[*first, *["0.25", "-0.5"] * 4], [*first, *["0.75", "1e-3"] * 4]]


@pytest.mark.parametrize(
    ("header", "first"), [((), ()), ((), ("anna",)), (("label",), ("anna",)), (("name", "label"), ("a.png", "7"))]
)
def test_a_table_of_embeddings_is_sent_where_such_are_read(header: tuple[str, ...], first: tuple[str, ...]) -> None:
    names = [*header, *(f"d{at}" for at in range(8))] if header else []
    with pytest.raises(ValueError, match="list must list pairs or their scores, got 8 numbers in each row.*Your data"):
        check_is_a_list("list", names, vectors(*first), Roles())


@pytest.mark.parametrize(
    ("header", "known"), [("distance", Roles()), ("fold", Roles()), ("x", Roles(truth=0)), ("cosine", Roles())]
)
def test_a_list_with_many_further_columns_is_one(header: str, known: Roles) -> None:
    check_is_a_list("list", [header, *(f"d{at}" for at in range(8))], vectors("1"), known)


def test_a_list_whose_columns_name_two_sides_is_one() -> None:
    check_is_a_list("list", ["first", "second", *(f"d{at}" for at in range(8))], vectors("a", "b"), Roles())
    check_is_a_list("list", [], [], Roles())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "1 1 | 0 0",
            "list must have one column for the truth, got two that may be it, 1 and 2, in lines such as '1 1'",
        ),
        (
            "a b c 0.5 | d e f 0.7",
            "list must be a list of pairs in a form that is known here, got .* 'a b c 0.5'. Name",
        ),
        ("a 0.5 0.7 | b 0.1 0.2", "list must be a list of pairs in a form that is known here"),
    ],
)
def test_cells_that_may_be_several_things_are_not_guessed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        roles_by_cells("list", rows_of(text), Roles())
