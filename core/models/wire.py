"""Messages of Protocol Buffers, field by field, out of bytes that somebody brought: no length in them is believed, and
nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

VARINT, EIGHT_BYTES, PIECE, FOUR_BYTES = 0, 1, 2, 5  # the ways in which a field is written
MOST_FIELDS = 1_000_000  # of one message
VARINT_BYTES = 10
LARGEST = 1 << 64
DAMAGED = "Export the network again."


class Field(NamedTuple):
    """The number of a field, how it is written, and its value: a whole number, or its bytes."""

    number: int
    kind: int
    value: int | memoryview

    @property
    def piece(self) -> memoryview:
        """Its bytes. Raises ValueError where it is a number."""
        if isinstance(self.value, int):
            raise ValueError(f"field {self.number} of a message must hold bytes, got a number. {DAMAGED}")
        return self.value

    @property
    def whole(self) -> int:
        """Its number, of 64 bits with a sign. Raises ValueError where it is written as bytes."""
        if not isinstance(self.value, int):
            raise ValueError(f"field {self.number} of a message must hold a number, got bytes. {DAMAGED}")
        return self.value - LARGEST if self.value >= LARGEST // 2 else self.value

    @property
    def text(self) -> str:
        """Its bytes as text; what is no UTF-8 is replaced."""
        return bytes(self.piece).decode("utf-8", "replace")


def fields_of(message: memoryview, most: int = MOST_FIELDS) -> Iterator[Field]:
    """The fields of a message in their order. Raises ValueError where it is cut off, is no such message, or has more
    than `most` fields."""
    place, count = 0, 0
    while place < len(message):
        key, place = varint(message, place)
        count += 1
        number, kind = key >> 3, key & 7
        if number == 0 or count > most:
            said = f"more than {most:,} fields" if number else "a field without a number"
            raise ValueError(f"a message must have at most {most:,} numbered fields, got {said}. {DAMAGED}")
        if kind == VARINT:
            value, place = varint(message, place)
            yield Field(number, kind, value)
            continue
        if kind == PIECE:
            size, place = varint(message, place)
        elif kind in (EIGHT_BYTES, FOUR_BYTES):
            size = 8 if kind == EIGHT_BYTES else 4
        else:
            raise ValueError(f"a field of a message must be written in a known way, got {kind}. {DAMAGED}")
        if size > len(message) - place:
            left = len(message) - place
            raise ValueError(f"a field of {size:,} bytes must lie within its message, got {left:,} bytes. {DAMAGED}")
        yield Field(number, kind, message[place : place + size])
        place += size


def varint(message: memoryview, place: int) -> tuple[int, int]:
    """The whole number from 0 to 2^64 - 1 that begins there, and where it ends. Raises ValueError for one that is cut
    off or too long."""
    value = 0
    for count in range(VARINT_BYTES):
        if place >= len(message):
            raise ValueError(f"a message must be whole, got one that is cut off. {DAMAGED}")
        byte = message[place]
        place += 1
        value |= (byte & 127) << (7 * count)
        if byte < 128:
            return value % LARGEST, place
    raise ValueError(f"a number in a message must have at most {VARINT_BYTES} bytes, got more. {DAMAGED}")
