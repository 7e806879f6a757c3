"""Messages of Protocol Buffers field by field, as the library protobuf writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import AttributeProto, StringStringEntryProto, TensorProto

from core.models.wire import fields_of, varint


@given(st.integers(-(2**63), 2**63 - 1), st.text(max_size=50))
def test_numbers_and_texts_are_those_that_protobuf_wrote(number: int, text: str) -> None:
    written = AttributeProto(name=text, i=number, f=1.5, type=AttributeProto.INT).SerializeToString()
    found = {one.number: one for one in fields_of(memoryview(written))}
    assert (found[1].text if 1 in found else "") == text
    assert found[3].whole == number and found[20].whole == 2 and len(found[2].piece) == 4


def test_fields_come_in_the_order_in_which_they_stand() -> None:
    written = b"".join(StringStringEntryProto(**one).SerializeToString() for one in ({"key": "a"}, {"value": "b"}))
    assert [(one.number, one.text) for one in fields_of(memoryview(written))] == [(1, "a"), (2, "b")]
    assert list(fields_of(memoryview(b""))) == []


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**32, 2**64 - 1])
def test_a_number_of_any_length_is_read_to_its_end(number: int) -> None:
    written, left = bytearray(), number
    while left > 127:
        written.append(left & 127 | 128)
        left >>= 7
    written.append(left)
    assert varint(memoryview(bytes(written) + b"\x05"), 0) == (number, len(written))


@pytest.mark.parametrize(
    "message, said",
    [
        (b"\x0a\x05abc", "a field of 5 bytes must lie within its message, got 3 bytes"),
        (b"\x0a\xff\xff\xff\xff\x0f", "must lie within its message, got 0 bytes"),
        (b"\x08", "a message must be whole, got one that is cut off"),
        (b"\x08" + b"\xff" * 11, "a number in a message must have at most 10 bytes"),
        (b"\x0d\x01\x02", "a field of 4 bytes must lie within its message, got 2 bytes"),
        (b"\x0b", "must be written in a known way, got 3"),
        (b"\x00\x00", "got a field without a number"),
        (b"\x08\x01" * 6, "a message must have at most 5 numbered fields, got more than 5 fields"),
    ],
)
def test_what_lies_or_is_cut_off_is_refused(message: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(fields_of(memoryview(message), 5))


def test_a_number_is_no_text_and_a_text_no_number() -> None:
    (number,) = fields_of(memoryview(b"\x08\x01"))
    (text,) = fields_of(memoryview(TensorProto(name="a").SerializeToString()))
    with pytest.raises(ValueError, match="field 1 of a message must hold bytes, got a number"):
        number.text  # noqa: B018
    with pytest.raises(ValueError, match="field 8 of a message must hold a number, got bytes"):
        text.whole  # noqa: B018
