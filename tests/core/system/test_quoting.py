from __future__ import annotations

from core.system.quoting import LONGEST_SHOWN, brief, shown


def test_values_are_quoted_on_one_line_and_cut() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert shown("x" * LONGEST_SHOWN) == repr("x" * LONGEST_SHOWN)
    assert shown("x" * (LONGEST_SHOWN + 1)) == repr("x" * (LONGEST_SHOWN - 3) + "...")


def test_a_librarys_words_are_their_first_line() -> None:
    assert brief(ValueError("First  one.\nSecond.")) == "First one"
    assert brief(MemoryError()) == "MemoryError"
    assert len(brief(ValueError("word " * 200))) == LONGEST_SHOWN
