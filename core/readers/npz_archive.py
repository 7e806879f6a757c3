"""Arrays out of an .npz archive that somebody brings.

Nothing is unpickled, and an array is read only after its header has been found to be right and to tell its true size,
so that a file cannot make the process run code or take all memory. numpy alone.
"""

from __future__ import annotations

import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.readers.text import opened
from core.system.quoting import brief

LARGEST_BYTES = 8 << 30  # of one array: 4 million embeddings of 512 dimensions in float32
PACKED_BYTES = 64 << 20  # of one array, up to which it may be compressed however much
MOST_PACKED = 20  # times its bytes in the archive that a larger one may take: embeddings hardly compress at all
TEXTS = (".csv", ".tsv", ".txt")
LONGEST_HEADER = 1 << 14  # bytes; numpy refuses shorter ones already, but reads as many as the file says before it does

# What zipfile, its decompressors and numpy are known to raise at bytes that somebody changed.
_UNREADABLE = (
    ValueError,
    TypeError,
    SyntaxError,
    LookupError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


class Header(NamedTuple):
    """What an array says about itself before it is read, how many bytes it has when unpacked, and how many it and its
    header take in the archive."""

    shape: tuple[int, ...]
    dtype: np.dtype
    stored: int
    packed: int

    @property
    def claimed(self) -> int:
        """The bytes that the array takes if the header is true."""
        return prod(self.shape) * self.dtype.itemsize


def read_arrays(
    path: Path, names: tuple[str, str], check: Callable[[str, Header, Header], None]
) -> tuple[np.ndarray, np.ndarray]:
    """The two named arrays of the archive, once `check` has let its name and their headers pass.

    Raises ValueError where the file is no whole archive, lacks an array or has one above LARGEST_BYTES.
    """
    with opened(path) as file:
        with _one_sentence(path.name):
            archive = zipfile.ZipFile(file)
        _check_held(path.name, archive.namelist(), names)
        with _one_sentence(path.name):
            headers = _header(archive, names[0]), _header(archive, names[1])
        check(path.name, *headers)
        for name, header in zip(names, headers, strict=True):
            _check_size(f"{name} in {path.name}", header)
        with _one_sentence(path.name):
            return _array(archive, names[0]), _array(archive, names[1])


def read_further(
    path: Path, names: tuple[str, ...], check: Callable[[str, str, Header], None]
) -> dict[str, np.ndarray]:
    """Those of the named arrays that the archive holds, once `check` has let both names and the header pass."""
    with opened(path) as file:
        with _one_sentence(path.name):
            archive = zipfile.ZipFile(file)
        members = archive.namelist()
        held = [name for name in names if f"{name}.npy" in members]
        with _one_sentence(path.name):
            headers = {name: _header(archive, name) for name in held}
        for name, header in headers.items():
            check(path.name, name, header)
            _check_size(f"{name} in {path.name}", header)
        with _one_sentence(path.name):
            return {name: _array(archive, name) for name in held}


def is_archive(path: Path) -> bool:
    """Whether a file is to be read as an .npz: by its name, or where that says nothing by its first bytes."""
    if path.suffix.lower() in (".npz", *TEXTS):
        return path.suffix.lower() == ".npz"
    with opened(path) as file:
        return file.peek(4).startswith(b"PK\x03\x04")


def held_arrays(path: Path) -> tuple[str, ...]:
    """The names of the arrays of an archive; none where the file is no archive, which whoever reads it will say."""
    with opened(path) as file:
        try:
            members = zipfile.ZipFile(file).namelist()
        except _UNREADABLE:
            return ()
    return tuple(sorted(member.removesuffix(".npy") for member in members if member.endswith(".npy")))


def _header(archive: zipfile.ZipFile, name: str) -> Header:
    with archive.open(f"{name}.npy") as stream:
        beginning = BytesIO(stream.read(LONGEST_HEADER))
    version = np.lib.format.read_magic(beginning)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(beginning)
    member = archive.getinfo(f"{name}.npy")
    return Header(shape, dtype, member.file_size - beginning.tell(), member.compress_size)


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(f"{name}.npy") as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)


@contextmanager
def _one_sentence(name: str) -> Generator[None, None, None]:
    try:
        yield
    except _UNREADABLE as error:
        raise ValueError(
            f"{name} must be a whole .npz archive, got a file that cannot be read ({brief(error)}). "
            "Save it again with numpy.savez."
        ) from None


def _check_held(name: str, members: list[str], names: tuple[str, ...]) -> None:
    held = sorted(member.removesuffix(".npy") for member in members if member.endswith(".npy"))
    if not set(names) <= set(held):
        of_torch = any(member.endswith("/data.pkl") for member in members)
        got = brief(", ".join(held)) if held else "a file of torch.save" if of_torch else "none"
        raise ValueError(
            f"{name} must hold the arrays {' and '.join(names)}, got {got}. "
            f"Save with numpy.savez(path, {'=..., '.join(names)}=...)."
        )


def _check_size(what: str, header: Header) -> None:
    if max(header.claimed, header.stored) > LARGEST_BYTES:
        raise ValueError(
            f"{what} must take at most {LARGEST_BYTES / 2**30:.3g} GiB, got {brief(header.shape)} of {header.dtype}. "
            "Save fewer points, or in float32."
        )
    if header.stored > max(PACKED_BYTES, MOST_PACKED * header.packed):
        raise ValueError(
            f"{what} must take at most {MOST_PACKED} times its {header.packed:,} bytes in the file, got "
            f"{header.stored:,}. Save it with numpy.savez, which does not compress."
        )
    if header.claimed != header.stored:
        raise ValueError(
            f"{what} must be whole, got {header.stored} bytes for {brief(header.shape)} of {header.dtype}. "
            "Save the archive again."
        )
