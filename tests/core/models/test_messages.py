"""Messages between two processes, through a file in memory."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from core.models.messages import receive, send


@pytest.mark.parametrize("shape", [(2, 3), (1,), (0, 4), (2, 3, 4, 5)])
def test_what_is_sent_is_received(shape: tuple[int, ...]) -> None:
    stream = BytesIO()
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    send(stream, {"a": [1, "ü"]}, values)
    send(stream, {"b": None})
    stream.seek(0)
    (first, array), (second, none) = receive(stream) or ({}, None), receive(stream) or ({}, None)
    assert first == {"a": [1, "ü"]} and second == {"b": None}
    assert array is not None and np.array_equal(array, values) and array.shape == shape
    assert none is not None and none.size == 0 and receive(stream) is None


def test_an_array_of_another_order_arrives_as_it_looks() -> None:
    stream, values = BytesIO(), np.arange(6, dtype=np.float64).reshape(2, 3).T
    send(stream, {}, values)
    stream.seek(0)
    received = receive(stream)
    assert received is not None and np.array_equal(received[1], values)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x01\x02",
        (5).to_bytes(8, "little") + b"{}",
        (2**40).to_bytes(8, "little"),
        (4).to_bytes(8, "little") + b"none",
        (2).to_bytes(8, "little") + b"{}",
        (30).to_bytes(8, "little") + b'{"told": {}, "shape": [-1]}   ',
        (30).to_bytes(8, "little") + b'{"told": {}, "shape": [99999]}',
        (36).to_bytes(8, "little") + b'{"told": {}, "shape": [99999999999]}',
    ],
)
def test_what_is_no_whole_message_is_none(content: bytes) -> None:
    assert receive(BytesIO(content)) is None


def test_more_numbers_than_are_wanted_are_not_taken() -> None:
    stream = BytesIO()
    send(stream, {}, np.ones((2, 3), np.float32))
    for most, is_taken in ((6, True), (5, False)):
        stream.seek(0)
        assert (receive(stream, most) is not None) is is_taken
