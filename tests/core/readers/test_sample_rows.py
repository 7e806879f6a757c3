"""Which embeddings the samples of a list have, by their names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.readers.numbered_pairs import Image
from core.readers.pair_list import PairList, Sides
from core.readers.sample_rows import MISSING, sample_rows
from core.verification.scored_pairs import Identities

HELD = ("a/Ann_1.png", "a/Bob_1.png", "b/Ann_2.jpg", "Kim")


def named(*pairs: tuple[str, str]) -> PairList:
    """A list of pairs of names, on lines from 1 on."""
    names = Identities()
    places = names.sorted_numbers(names.numbered([name for side in zip(*pairs, strict=True) for name in side]))
    sides = Sides(names.names, places.reshape(2, -1), False)
    return PairList("list", np.arange(1, len(pairs) + 1), None, sides=sides, truth="truth last")


def numbered(*pairs: tuple[Image, Image]) -> PairList:
    sides = Sides((), np.zeros((2, len(pairs)), np.int64), True, pairs)
    return PairList("list", np.arange(1, len(pairs) + 1), None, sides=sides)


def rows(listed: PairList, names: tuple[str, ...] = HELD, *, may_miss: bool = False) -> list[list[int]]:
    return sample_rows(listed, names, "faces.npz", may_miss=may_miss).tolist()


@pytest.mark.parametrize(
    "pair",
    [
        ("a/Bob_1.png", "b/Ann_2.jpg"),
        ("a/Bob_1", "b/Ann_2"),
        ("Bob_1.png", "Ann_2.jpg"),
        (r"C:\x\Bob_1.jpeg", "y/Ann_2"),
    ],
    ids=["as they are", "without suffixes", "without folders", "without either"],
)
def test_names_are_found_without_what_is_written_in_one_place_alone(pair: tuple[str, str]) -> None:
    assert rows(named(pair)) == [[1], [2]]


def test_two_samples_that_a_shorter_name_would_make_one_stay_two() -> None:
    names = ("a/1.png", "b/1.png", "a/2.png")
    assert rows(named(("a/1.png", "b/1.png"), ("a/2.png", "a/1.png")), names) == [[0, 2], [1, 0]]
    with pytest.raises(ValueError, match="list, line 1 must name images that faces.npz holds, got '1.png' beside"):
        rows(named(("1.png", "2.png")), names)


@pytest.mark.parametrize("change", [str, "lfw/{}.jpeg".format, r"C:\faces_1\{}.PNG".format], ids=["", "/", "C:"])
def test_numbered_samples_are_found_by_person_and_number(change: Callable[[str], str]) -> None:
    names = tuple(change(name) for name in ("Ann_0001", "Ann_12", "Bob_Lee_2_3"))
    pairs = (Image("Ann", 12), Image("Ann", 1)), (Image("Bob_Lee_2", 3), Image("Ann", 12))
    assert rows(numbered(*pairs), names) == [[1, 2], [0, 1]]


def test_what_has_no_embedding_is_missing_where_that_is_allowed() -> None:
    listed = named(("Kim", "Eve"), ("Kim", "a/Ann_1.png"))
    assert rows(listed, may_miss=True) == [[3, 3], [MISSING, 0]]
    message = "list, line 1 must name images that .* holds, got 'Eve' beside names such as 'a/Ann_1.png' .truth last.. "
    with pytest.raises(ValueError, match=message):
        rows(listed)
    images = numbered((Image("Ann", 1), Image("Ann", 3)), (Image("Ann", 1), Image("Ann", 1)))
    assert rows(images, ("Ann_1",), may_miss=True) == [[0, 0], [MISSING, 0]]


@pytest.mark.parametrize("listed", [named(("Eve", "Eva")), numbered((Image("Eve", 1), Image("Eve", 2)))])
def test_a_list_of_which_no_sample_is_there_is_refused_in_any_case(listed: PairList) -> None:
    with pytest.raises(ValueError, match="list, line 1 must name images that faces.npz holds, got 'Eve"):
        rows(listed, ("Ann_1", "Bob_1"), may_miss=True)


@pytest.mark.parametrize(
    ("listed", "names", "message"),
    [
        (named(("Ann", "Bob")), ("Ann", "Bob", "Ann"), "names in faces.npz must differ, got 'Ann' twice. Remove one."),
        (
            numbered((Image("Ann", 1), Image("Ann", 2))),
            ("Ann_1", "a/Ann_0001.png"),
            "names in faces.npz must differ, got Ann_0001 in rows 0 and 1. Remove one.",
        ),
        (
            numbered((Image("Ann", 1), Image("Ann", 2))),
            ("Ann_1", "face.jpg"),
            "names in faces.npz must end in an underscore and the image number, got 'face.jpg' in row 1. Write",
        ),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(listed: PairList, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rows(listed, names)


def test_a_name_that_stands_twice_does_not_matter_where_nobody_asks_for_it() -> None:
    assert rows(named(("Ann", "Bob")), ("Eve", "Ann", "Eve", "Bob")) == [[1], [3]]
