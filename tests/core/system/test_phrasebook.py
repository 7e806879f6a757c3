"""A sentence is found again by its template, whatever fills it, and in a time that no text can stretch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.system.phrasebook import MOST_LETTERS, TOGETHER, Phrasebook, Template, joined

BOOK = Phrasebook(
    {
        "size must be at least {0}, got {1}. Choose more.": "大小至少为 {0}，得到 {1}。请增大。",
        "{0} must be one of {1}, got {2}.": "{0} 必须是 {1} 之一，得到 {2}。",
        "only push apart": "只推开",
        "The disk is full.": "磁盘已满。",
        "{0} comes before {1}": "{1} 之前是 {0}",
    }
)


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("size must be at least 2, got 1. Choose more.", "大小至少为 2，得到 1。请增大。"),
        ("kind must be one of a, b, got c.", "kind 必须是 a, b 之一，得到 c。"),
        ("The disk is full. Nobody knows this one.", "磁盘已满。Nobody knows this one."),
        ("only push apart comes before The disk is full.", "磁盘已满。 之前是 只推开"),
        ("x" * (MOST_LETTERS + 1), "x" * (MOST_LETTERS + 1)),
        ("a.npz", "a.npz"),
        ("", ""),
    ],
)
def test_a_sentence_is_known_by_the_words_between_its_places(english: str, told: str) -> None:
    assert BOOK.translated(english) == told


def test_a_file_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    assert Phrasebook.of(tmp_path / "none.toml").translated("The disk is full.") == "The disk is full."
    (tmp_path / "some.toml").write_text('"The disk is full." = "磁盘已满。"', encoding="utf-8")
    assert Phrasebook.of(tmp_path / "some.toml").translated("The disk is full.") == "磁盘已满。"


@given(
    st.lists(st.text("ab ", max_size=2), min_size=2, max_size=5),
    st.text("ab ", max_size=12),
)
def test_places_are_filled_as_a_regular_expression_would_fill_them(pieces: list[str], text: str) -> None:
    numbers = tuple(range(len(pieces) - 1))
    expected = re.fullmatch("(.*?)".join(map(re.escape, pieces)), text)
    found = Template(tuple(pieces), numbers, "").fills(text)
    assert found == (list(expected.groups()) if expected else None)


def test_a_text_of_many_sentences_is_looked_at_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    book, asked = Phrasebook({"B.": "乙。"}), []
    known = book.known
    monkeypatch.setattr(book, "known", lambda *of: asked.append(of) or known(*of))
    text = "A. " * 300
    assert book.translated(text) == text
    assert len(asked) <= TOGETHER * 300 + 1


def test_sentences_stand_apart_by_a_space_but_behind_a_wide_stop() -> None:
    assert joined(["One.", "Two."]) == "One. Two."
    assert joined(["一。", "Two.", "三"]) == "一。Two. 三"
