"""The reading of arrays apart from what they mean; test_embeddings_file.py has the malformed archives."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.readers.npz_archive import PACKED_BYTES, Header, read_arrays


@pytest.fixture
def path(tmp_path: Path) -> Path:
    arrays = {"one": np.arange(6.0).reshape(2, 3).T, "two": np.array(["a", "ä"]), "three": np.array([None])}
    np.savez_compressed(tmp_path / "mine.npz", **arrays)
    return tmp_path / "mine.npz"


def test_only_the_wanted_arrays_are_read_and_after_their_headers(path: Path) -> None:
    seen: list[tuple[str, Header, Header]] = []
    two, one = read_arrays(path, ("two", "one"), lambda *headers: seen.append(headers))
    assert one.tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] and two.tolist() == ["a", "ä"]
    with zipfile.ZipFile(path) as archive:
        sizes = [archive.getinfo(f"{name}.npy").compress_size for name in ("two", "one")]
    two_header, one_header = Header((2,), np.dtype("U1"), 8, sizes[0]), Header((3, 2), np.dtype("f8"), 48, sizes[1])
    assert seen == [("mine.npz", two_header, one_header)]
    assert [header.claimed for header in seen[0][1:]] == [8, 48]


def test_an_array_that_the_check_refuses_is_not_read(path: Path) -> None:
    def refuse(name: str, first: Header, second: Header) -> None:
        assert second.dtype == object
        raise ValueError(f"no objects, got {name}")

    with pytest.raises(ValueError, match="^no objects, got mine.npz$"):
        read_arrays(path, ("one", "three"), refuse)


def test_objects_are_never_unpickled(path: Path) -> None:
    with pytest.raises(ValueError, match="three in mine.npz must be whole|mine.npz must be a whole .npz archive"):
        read_arrays(path, ("one", "three"), lambda *headers: None)


def test_a_missing_array_is_named_beside_those_there_are(path: Path) -> None:
    with pytest.raises(ValueError, match="must hold the arrays one and four, got one, three, two. Save"):
        read_arrays(path, ("one", "four"), lambda *headers: None)


@pytest.mark.parametrize("is_compressed", [True, False])
def test_an_array_of_far_more_bytes_than_the_file_is_refused_unread(is_compressed: bool, tmp_path: Path) -> None:
    array = np.zeros(PACKED_BYTES // 4 + 1, np.float32)
    (np.savez_compressed if is_compressed else np.savez)(tmp_path / "mine.npz", one=array, two=array[:3])
    del array
    tracemalloc.start()
    try:
        if is_compressed:
            with pytest.raises(ValueError, match="one in mine.npz must take at most 20 times its .* bytes in the file"):
                read_arrays(tmp_path / "mine.npz", ("one", "two"), lambda *headers: None)
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
        else:
            assert len(read_arrays(tmp_path / "mine.npz", ("one", "two"), lambda *headers: None)[0]) > PACKED_BYTES // 4
    finally:
        tracemalloc.stop()
