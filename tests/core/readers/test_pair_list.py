from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from core.readers.pair_list import NOTHING_SAID, Corrections, PairList


@pytest.mark.parametrize(
    ("truth", "notes", "form"),
    [
        (
            "truth first",
            ("no first line", "columns between blanks"),
            "truth first; no first line; columns between blanks",
        ),
        ("", ("no first line",), "no first line"),
        ("truth first", (), "truth first"),
        ("", (), ""),
    ],
)
def test_an_error_names_the_truth_and_what_else_was_understood(truth: str, notes: tuple[str, ...], form: str) -> None:
    assert PairList("list", np.arange(2), None, truth=truth, notes=notes).form() == form


def test_where_nothing_is_said_everything_is_guessed() -> None:
    assert Corrections() == NOTHING_SAID and not any(vars(NOTHING_SAID).values())
    assert {field.type for field in fields(Corrections)} == {"str"}
