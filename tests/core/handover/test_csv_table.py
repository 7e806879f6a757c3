"""No name becomes a formula, and every name comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.handover.csv_table import FORMULAS, csv_of, neutral


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\uff1d1", "'=1"])
def test_what_a_spreadsheet_would_calculate_begins_with_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "anna", "a=b", "1-2", "5", " anna", "ü", "\U0001f600"])
def test_other_texts_stay(text: str) -> None:
    assert neutral(text) == text


def test_numbers_are_numbers_and_what_is_not_known_is_empty() -> None:
    assert csv_of(["name", "-x"], [["a,b", -0.5], ["=x", float("nan")], ["q", None], ["r", -3]]) == (
        "name,'-x\r\n\"a,b\",-0.5\r\n'=x,\r\nq,\r\nr,-3\r\n"
    )


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")), min_size=1))
def test_every_text_comes_back(texts: list[str]) -> None:
    lines = list(csv.reader(io.StringIO(csv_of(["text", "n"], [[text, 1] for text in texts]), newline="")))[1:]
    assert [line[0] for line in lines] == [neutral(text) for text in texts]
    assert not any(line[0].lstrip().startswith(FORMULAS[:4]) for line in lines)
    assert [
        line[0].removeprefix("'") if line[0] != text else text for line, text in zip(lines, texts, strict=True)
    ] == texts
