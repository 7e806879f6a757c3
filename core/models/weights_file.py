"""A file of safetensors, read by code of ours: its header is held against the size of the file before a number is read.

Eight bytes say how long the header is; it is a JSON object that says of every tensor its type, its shape and between
which bytes it lies, and in `__metadata__` what its author wrote.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from core.system.quoting import brief, shown

LENGTH_BYTES = 8
MOST_HEADER = 4_000_000  # bytes
MOST_TENSORS, MOST_AXES, NAME_LENGTH = 20_000, 8, 500
METADATA = "__metadata__"
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}
AGAIN = "Export it again: python -m core export RUN --to safetensors --out FOLDER."


@dataclass(frozen=True)
class Saved:
    """One tensor: its numpy type, its shape, and where it lies in the file."""

    kind: str
    shape: tuple[int, ...]
    start: int


@dataclass(frozen=True)
class WeightsFile:
    """All tensors of a file by name, and what its author wrote."""

    path: Path
    tensors: Mapping[str, Saved]
    metadata: Mapping[str, str]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each tensor."""
        return {name: saved.shape for name, saved in self.tensors.items()}

    def array(self, name: str) -> np.ndarray:
        """The values of a tensor, a copy of its own."""
        saved = self.tensors[name]
        found = np.fromfile(self.path, saved.kind, prod(saved.shape), offset=saved.start)
        return found.reshape(saved.shape)


def open_weights(path: Path) -> WeightsFile:
    """What a file holds. Raises ValueError for what is no safetensors file, is cut off, or says sizes that are not
    so."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        if size < LENGTH_BYTES or not 2 <= length <= min(MOST_HEADER, size - LENGTH_BYTES):
            raise ValueError(
                f"the file must be safetensors with a header of at most {MOST_HEADER:,} bytes within it, got "
                f"{brief(f'{length:,}')} in {size:,} bytes. {AGAIN}"
            )
        header = _parsed(file.read(length))
    metadata = header.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise ValueError(f"the metadata of safetensors must be words, got others. {AGAIN}")
    if not 0 < len(header) <= MOST_TENSORS:
        raise ValueError(f"the file must hold 1 to {MOST_TENSORS:,} tensors, got {len(header):,}. {AGAIN}")
    begins = LENGTH_BYTES + length
    tensors: dict[str, Saved] = {}
    ends: dict[str, int] = {}
    for name, told in header.items():
        tensors[name], ends[name] = _saved(name, told, begins)
    place = begins
    for name in sorted(tensors, key=lambda name: (tensors[name].start, ends[name])):
        if tensors[name].start != place:
            raise ValueError(f"tensors must lie one after another, got a gap or overlap at {shown(name)}. {AGAIN}")
        place = ends[name]
    if place != size:
        raise ValueError(f"tensors must fill the file, {size:,} bytes, got {place:,}. {AGAIN}")
    return WeightsFile(path, tensors, metadata)


def _parsed(content: bytes) -> dict[str, Any]:
    """A JSON object in which no name stands twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a name that stands twice")
        return found

    try:
        header = json.loads(content, object_pairs_hook=once)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"the header of safetensors must be JSON, got {brief(problem)}. {AGAIN}") from None
    if not isinstance(header, dict):
        raise ValueError(f"the header of safetensors must be a JSON object, got {shown(str(header))}. {AGAIN}")
    return header


def _saved(name: str, told: object, begins: int) -> tuple[Saved, int]:
    """A tensor, and where it ends in the file."""
    said: dict[str, Any] = told if isinstance(told, dict) else {}
    kind, shape = TYPES.get(str(said.get("dtype"))), _whole_numbers(said.get("shape"), MOST_AXES)
    offsets = _whole_numbers(said.get("data_offsets"), 2)
    if kind and shape is not None and offsets and len(offsets) == 2 and len(name) <= NAME_LENGTH:
        start, end = offsets
        if end - start == prod(shape) * np.dtype(kind).itemsize:
            return Saved(kind, shape, begins + start), begins + end
    raise ValueError(
        f"a tensor must have a known type, a shape, and as many bytes as they take, got {shown(str(told))} for "
        f"{shown(name)}. {AGAIN}"
    )


def _whole_numbers(told: object, most: int) -> tuple[int, ...] | None:
    """These, where they are at most so many whole numbers from 0 on; None otherwise."""
    if not isinstance(told, list) or len(told) > most:
        return None
    return tuple(told) if all(type(number) is int and number >= 0 for number in told) else None
