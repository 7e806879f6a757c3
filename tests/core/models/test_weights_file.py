"""Files of safetensors: as the library reads them, or refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core.models.weights_file import open_weights

F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


def written(path: Path, header: Any, body: bytes = bytes(8), *, length: int | None = None) -> Path:
    """A file with this header, whatever it says."""
    content = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes((len(content) if length is None else length).to_bytes(8, "little") + content + body)
    return path


def test_it_is_read_as_the_library_reads_it(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    arrays = {
        "a": generator.normal(size=(3, 4)).astype(np.float32),
        "b.c": generator.integers(-9, 9, (5,)),
        "empty": np.zeros((0, 2), np.float32),
        "half": generator.normal(size=(2, 1, 2)).astype(np.float16),
        "one": np.array(7, np.int64),
        "yes": np.array([True, False]),
    }
    path = tmp_path / "a.safetensors"
    save_file(arrays, path, metadata={"who": "ü"})
    found, expected = open_weights(path), load_file(path)
    assert found.metadata == {"who": "ü"} and set(found.tensors) == set(expected) == set(arrays)
    for name, array in expected.items():
        assert np.array_equal(found.array(name), array) and found.array(name).dtype == array.dtype
        assert found.shapes[name] == array.shape and found.array(name).flags.writeable


@pytest.mark.parametrize(
    "header, said",
    [
        (b"none", "must be JSON, got"),
        (b"[1, 2]", "must be a JSON object, got"),
        (b"[" * 5000, "must be JSON, got"),
        (b'{"a": 1, "a": 2}', "must be JSON, got a name that stands twice"),
        (b"\xff\xfe\xfd", "must be JSON, got"),
        ({}, "must hold 1 to 20,000 tensors, got 0"),
        ({"__metadata__": {"a": 1}, "w": F32}, "metadata of safetensors must be words"),
        ({"__metadata__": 1, "w": F32}, "metadata of safetensors must be words"),
        ({"w": F32 | {"data_offsets": [0, 4]}}, "as many bytes as they take"),
        ({"w": F32 | {"shape": [2**40]}}, "as many bytes as they take"),
        ({"w": F32 | {"shape": [-2], "data_offsets": [8, 0]}}, "as many bytes as they take"),
        ({"w": F32 | {"shape": [True, 2]}}, "as many bytes as they take"),
        ({"w": F32 | {"shape": "2"}}, "as many bytes as they take"),
        ({"w": F32 | {"shape": [0], "data_offsets": []}}, "as many bytes as they take"),
        ({"w": F32 | {"dtype": "O"}}, "must have a known type"),
        ({"w": 3}, "must have a known type"),
        ({"w" * 501: F32}, "must have a known type"),
        ({"w": F32, "v": F32}, "must lie one after another, got a gap or overlap"),
        ({"w": F32 | {"data_offsets": [4, 12]}}, "must lie one after another"),
        ({"w": F32 | {"shape": [1], "data_offsets": [0, 4]}}, "tensors must fill the file"),
    ],
)
def test_a_header_that_lies_is_refused(header: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=said):
        open_weights(written(tmp_path / "a.safetensors", header))


@pytest.mark.parametrize("length", [0, 1, 10**6, 2**63])
def test_a_header_beyond_the_file_is_not_read(length: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="with a header of at most 4,000,000 bytes within it, got"):
        open_weights(written(tmp_path / "a.safetensors", {"w": F32}, length=length))


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"PK\x03\x04" + bytes(100)])
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match="the file must be safetensors"):
        open_weights(tmp_path / "a.safetensors")


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.safetensors", {"w": F32})
    for size in range(path.stat().st_size):
        (tmp_path / "b.safetensors").write_bytes(path.read_bytes()[:size])
        with pytest.raises(ValueError, match=" must .*Export it again"):
            open_weights(tmp_path / "b.safetensors")
