"""Whether two samples are of one identity, as people write it."""

from __future__ import annotations

import pytest

from core.readers.truths import SPELLINGS, Truths, canonical, is_truth

KINDS = """0 1|0.0 1.0|-1 1|-1.0 +1|False True|no YES|different same|Diff Same|nontarget target|non-target target
NonTarget TARGET|impostor genuine|Imposter Genuine|non_match match|imp tgt|mismatch match| negative positive """


@pytest.mark.parametrize("kind", KINDS.replace("\n", "|").split("|"))
def test_a_truth_is_read_as_people_write_it(kind: str) -> None:
    different, same = kind.split()
    truths = Truths("list", "is_same")
    found = truths.read(range(3), [different, f" {same} ", different])
    assert found.tolist() == [False, True, False] and found.dtype == bool
    assert set(map(str.strip, truths.words())) == {different, same}


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("1.0", "1"),
        ("+1", "1"),
        ("-0", "0"),
        ("Non-Target", "nontarget"),
        ("2.5", "2.5"),
        ("", ""),
        ("May_be", "maybe"),
    ],
)
def test_a_word_is_compared_in_one_form(cell: str, word: str) -> None:
    assert canonical(cell) == word


def test_only_spellings_are_truths() -> None:
    assert all(is_truth(word) for spelling in SPELLINGS for word in spelling)
    assert not any(map(is_truth, ["", "2", "0.5", "maybe", "nan", "Ann"]))


def test_truths_come_bit_by_bit_and_are_told_once() -> None:
    truths = Truths("list", "is_same")
    assert [truths.read([line], [cell]).tolist() for line, cell in enumerate(("yes", "NO", "Yes"))] == [
        [True],
        [False],
        [True],
    ]
    assert truths.words() == ("yes", "NO")


def test_the_word_that_somebody_named_is_the_same_and_any_other_is_not() -> None:
    truths = Truths("list", "verdict", same="P")
    assert truths.read(range(3), ["p", "N", " P"]).tolist() == [True, False, True]
    truths.check_same()
    reversed_truths = Truths("list", "is_same", same="0")
    assert reversed_truths.read(range(2), ["0", "1"]).tolist() == [True, False]


@pytest.mark.parametrize(
    ("cells", "same", "message"),
    [
        (["1", "maybe"], "", "^list, line 8: is_same must be 1 or 0, .*, got 'maybe' .seen.. Write .*--same WORD"),
        (["1", " "], "", "^list, line 8: is_same must be 1 or 0, .*, got ' '"),
        (["0", "-1"], "", "list must spell the truth in one way in the column is_same, got 0 and -1. Write 1 for"),
        (["P", ""], "P", "^list, line 8: is_same must be 1 or 0, .*, got ''"),
        (["P", "N", "Q"], "P", "list must hold two words for the truth in the column is_same, got .*'Q'.* Name"),
    ],
)
def test_what_is_no_truth_is_told(cells: list[str], same: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Truths("list", "is_same", same, " (seen)").read([7, 8, 9][: len(cells)], cells)


def test_one_kind_of_minus_and_nought_is_enough_where_the_word_is_named() -> None:
    assert Truths("list", "is_same", same="0").read([1, 2], ["0", "-1"]).tolist() == [True, False]


def test_a_named_word_must_be_met() -> None:
    truths = Truths("list", "is_same", same="2")
    truths.read([1, 2], ["0", "1"])
    with pytest.raises(
        ValueError, match="the word for the same identity in list must be one of .* got '2' where there"
    ):
        truths.check_same()
