from __future__ import annotations

import numpy as np
import pytest

from core.readers import identity_names
from core.readers.identity_names import named_identities
from core.readers.pair_list import Sides
from core.verification.scored_pairs import Identities


def sides_of(first: list[str], second: list[str]) -> Sides:
    names = Identities()
    places = names.sorted_numbers(names.numbered(first + second)).reshape(2, -1)
    return Sides(names.names, places, False)


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (["a/1/x.wav", "a/1/x.wav"], ["a/2/y.wav", "b/1/x.wav"], "by the first folder of each name"),
        (["data/a/x.png", "data/a/x.png"], ["data/a/y.png", "data/b/x.png"], "by the folder of each name"),
        (["Ann_Lee_0001.jpg", "Ann_Lee_1"], ["Ann_Lee_0002.jpg", "Ann_Li_1"], "by the names without their numbers"),
        (["id1-x-1", "id1-x-1"], ["id1-y-1", "id2-x-1"], "by what stands before the first hyphen"),
        (["u1_a", "u1_a"], ["u1_b", "u2_a"], "by what stands before the first underscore"),
    ],
)
def test_a_rule_that_agrees_with_every_truth_tells_the_identities(
    first: list[str], second: list[str], rule: str
) -> None:
    found = named_identities(sides_of(first, second), np.array([True, False]))
    assert found is not None and found[2] == rule and len(found[0]) == 2
    assert (found[1][0] == found[1][1]).tolist() == [True, False]
    assert named_identities(sides_of(first, second), np.array([False, True])) is None
    assert named_identities(sides_of(first * 2, second * 2), np.array([True, False, True, True])) is None


def test_more_identities_than_can_be_weighed_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sides, is_same = sides_of(["a/1", "a/1"], ["a/2", "b/1"]), np.array([True, False])
    monkeypatch.setattr(identity_names, "MOST", 2)
    assert named_identities(sides, is_same) is not None
    monkeypatch.setattr(identity_names, "MOST", 1)
    assert named_identities(sides, is_same) is None


def test_names_that_tell_nothing_have_no_identities() -> None:
    assert named_identities(sides_of(["1.png", "2.png"], ["3.png", "4.png"]), np.array([True, False])) is None
