"""What two processes say to each other through a pipe: plain values as JSON, and perhaps an array of float32."""

from __future__ import annotations

import json
from math import prod
from typing import IO, Any

import numpy as np

LENGTH_BYTES = 8
MOST_WORDS = 1 << 24  # bytes of the plain values
MOST_NUMBERS = 1 << 30  # of an array


def send(stream: IO[bytes], told: dict[str, Any], values: np.ndarray | None = None) -> None:
    """Write one message."""
    shape = None if values is None else list(values.shape)
    words = json.dumps({"told": told, "shape": shape}).encode()
    stream.write(len(words).to_bytes(LENGTH_BYTES, "little") + words)
    if values is not None:
        stream.write(np.ascontiguousarray(values, np.float32).data.cast("B") if values.size else b"")
    stream.flush()


def receive(stream: IO[bytes], most: int = MOST_NUMBERS) -> tuple[dict[str, Any], np.ndarray] | None:
    """The next message, with an empty array where it has none; None where the other end is closed, says what no
    message may be, or sends more than `most` numbers."""
    head = stream.read(LENGTH_BYTES)
    size = int.from_bytes(head, "little")
    if len(head) < LENGTH_BYTES or size > MOST_WORDS:
        return None
    words = stream.read(size)
    if len(words) < size:
        return None
    try:
        said = json.loads(words)
        told, shape = dict(said["told"]), said["shape"]
        if shape is None:
            return told, np.empty(0, np.float32)
        count = prod(int(length) for length in shape)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not 0 <= count <= most:
        return None
    content = stream.read(4 * count)
    return (told, np.frombuffer(content, np.float32).reshape(shape)) if len(content) == 4 * count else None
