"""Cells of a column as numbers and names: whole numbers, truths and text keep their spelling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.admission.entry import written_name
from core.system.quoting import shown

NAME_LENGTH = 200


def numbered(cells: Sequence[Any] | np.ndarray, what: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Cells (N,) -> the number of each one's name (N,) int64, and the names in order: whole numbers by size, truths as
    False and True, text by its characters, so that 001 and NA stay what they are.

    Raises ValueError for cells of other kinds, for missing ones and for names that are too long.
    """
    array = cells if isinstance(cells, np.ndarray) else _array_of(cells, what)
    if array.dtype.kind == "f":
        array = _whole(array, what)
    if array.dtype.kind == "S":
        array = np.array([written_name(cell.decode("utf-8", "surrogateescape")) for cell in array.tolist()], np.str_)
    if array.dtype.kind not in "iubU" or array.ndim != 1:
        raise ValueError(
            f"each {what} must be a whole number, a truth or text, got {array.dtype} of shape {array.shape}. Save them "
            "as integers or strings."
        )
    values, numbers = np.unique(array, return_inverse=True)
    names = tuple(str(value) for value in values.tolist())
    longest = max(names, key=len, default="")
    if len(longest) > NAME_LENGTH:
        raise ValueError(
            f"each {what} must have at most {NAME_LENGTH} characters, got {len(longest):,} in {shown(longest)}. "
            "Shorten it, or choose another column."
        )
    return numbers.reshape(-1).astype(np.int64), names


def row_names(rows: np.ndarray) -> np.ndarray:
    """What samples without names are called once others are left out: by their rows (N,) in what was brought, from 0,
    so that nobody takes the fifth that is left for the fifth of the file."""
    return np.array([f"row {row}" for row in rows.tolist()], np.str_)


def _array_of(cells: Sequence[Any], what: str) -> np.ndarray:
    kinds = {type(cell) for cell in cells}
    if kinds == {bytes}:
        return np.array(cells, np.bytes_)
    if kinds and kinds <= {str, bytes}:
        return np.array([written_name(str(cell)) for cell in cells], np.str_)
    if len(kinds) == 1 and kinds <= {bool, int, float}:
        return np.array(cells)
    odd = next((cell for cell in cells if not isinstance(cell, str | int | float)), None)
    raise ValueError(
        f"each {what} must be a whole number, a truth or text, and all of one kind, got {shown(str(odd))} among "
        f"{', '.join(sorted(kind.__name__ for kind in kinds))}. Fill in what is missing."
    )


def _whole(array: np.ndarray, what: str) -> np.ndarray:
    array = array.astype(np.float64)
    wrong = array[~((array == np.rint(array)) & (np.abs(array) < 2**63))]  # NaN too
    if len(wrong):
        raise ValueError(
            f"each {what} must be a whole number, a truth or text, got {wrong[0]}. Save them as integers or strings."
        )
    return array.astype(np.int64)
