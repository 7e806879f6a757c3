"""A weight in an ONNX file: whether it holds just as many numbers as it says, in the file itself."""

from __future__ import annotations

from math import prod

import numpy as np

from core.models.operators import TYPES
from core.models.wire import DAMAGED, FOUR_BYTES, PIECE, VARINT, Field, fields_of, varint
from core.system.quoting import brief, shown

MOST_AXES = 16
ONE_FILE = (
    "Save it as one file: of torch, program.save(path, external_data=False); of onnx, onnx.save(onnx.load(path), "
    "other)."
)
RAW, FLOATS, NARROW, WIDE, DOUBLES, UNSIGNED = 9, 4, 5, 7, 10, 11  # the fields in which values may stand
SIZES = {FLOATS: 4, DOUBLES: 8}  # bytes of a value; the others are written as numbers of any length


def check_tensor(message: memoryview) -> tuple[str, int]:
    """The name of a weight and how many numbers it has. Raises ValueError where it lies elsewhere, is of strings or
    rarer types, or holds another number of values than its shape says."""
    axes: list[int] = []
    name, kind, values, is_raw = "", 0, 0, False
    for one in fields_of(message):
        if one.number == 1:
            axes += _axes(one)
        elif one.number == 2:
            kind = one.whole
        elif one.number == 8:
            name = one.text
        elif one.number == RAW:
            is_raw, values = True, len(one.piece)
        elif one.number in (FLOATS, NARROW, WIDE, DOUBLES, UNSIGNED):
            values += _count(one)
        elif one.number == 13 or (one.number == 14 and one.whole):
            raise ValueError(f"the network must be one file, got weights that lie in another. {ONE_FILE}")
        elif one.number in (3, 6):
            raise ValueError(f"weights must be whole and of numbers, got parts or strings. {DAMAGED}")
    if kind not in TYPES:
        raise ValueError(f"weights must be of common types of numbers, got type {kind}. Export it in float32.")
    if len(axes) > MOST_AXES or any(length < 0 for length in axes):
        raise ValueError(f"a weight must have at most {MOST_AXES} axes of whole lengths, got {axes[:20]}. {DAMAGED}")
    count = prod(axes)
    expected = count * TYPES[kind][1] if is_raw else count
    if values != expected:
        unit = "bytes" if is_raw else "values"
        raise ValueError(
            f"a weight of shape {tuple(axes)} must hold {brief(f'{expected:,}')} {unit}, got {values:,} in "
            f"{shown(brief(name))}. {DAMAGED}"
        )
    return name, count


def _axes(one: Field) -> list[int]:
    """Lengths, written one by one or packed together."""
    if one.kind == VARINT:
        return [one.whole]
    return [inner.whole for inner in _packed(one.piece)]


def _packed(message: memoryview) -> list[Field]:
    found: list[Field] = []
    place = 0
    while place < len(message) and len(found) <= MOST_AXES:
        value, place = varint(message, place)
        found.append(Field(1, VARINT, value))
    return found


def _count(one: Field) -> int:
    """How many values stand in a field."""
    if one.kind in (VARINT, FOUR_BYTES) or (one.kind != PIECE):
        return 1
    if one.number in SIZES:
        return len(one.piece) // SIZES[one.number]
    # Of each number of any length one byte, the last, is below 128.
    return int(np.count_nonzero(np.frombuffer(one.piece, np.uint8) < 128))
