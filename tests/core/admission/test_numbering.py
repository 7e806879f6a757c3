from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.admission.numbering import NAME_LENGTH, numbered


@pytest.mark.parametrize(
    "cells, names, numbers",
    [
        ([10, 9, 10], ("9", "10"), [1, 0, 1]),
        (["001", "1", "NA", "None"], ("001", "1", "NA", "None"), [0, 1, 2, 3]),
        ([True, False], ("False", "True"), [1, 0]),
        ([2.0, 1.0], ("1", "2"), [1, 0]),
        ([b"b", b"a"], ("a", "b"), [1, 0]),
        (np.array([3, 1], np.uint8), ("1", "3"), [1, 0]),
        (np.array([2.0, 1.0], np.float16), ("1", "2"), [1, 0]),
        (np.array(["b", "a", "b"]), ("a", "b"), [1, 0, 1]),
        (np.array([b"\xff", b"a"]), ("\\udcff", "a"), [0, 1]),
        (["<b>x</b>", "=1+1", "![](x)"], ("![](x)", "<b>x</b>", "=1+1"), [1, 2, 0]),
    ],
)
def test_cells_keep_their_spelling(cells: Any, names: tuple[str, ...], numbers: list[int]) -> None:
    found, found_names = numbered(cells, "label")
    assert found_names == names and found.tolist() == numbers and found.dtype == np.int64


@pytest.mark.parametrize(
    "cells, said",
    [
        ([1.5, 2.0], "got 1.5"),
        ([float("nan"), 2.0], "got nan"),
        ([None, "a"], "got 'None' among NoneType, str"),
        ([1, "a"], "among int, str"),
        ([["a"], "b"], r"got \"\['a'\]\""),
        (np.array([object()], object), "got object"),
        (np.zeros((2, 2), int), "of shape"),
        (np.array([1 + 1j]), "got complex128"),
        (np.array(["2020-01-01"], "M8[D]"), "got datetime64"),
    ],
)
def test_other_cells_are_refused(cells: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"each label must be a whole number, a truth or text.*{said}"):
        numbered(cells, "label")


def test_long_names_are_refused() -> None:
    assert numbered(["x" * NAME_LENGTH], "label")[1] == ("x" * NAME_LENGTH,)
    with pytest.raises(ValueError, match="each group must have at most 200 characters, got 201"):
        numbered(["x" * (NAME_LENGTH + 1)], "group")
