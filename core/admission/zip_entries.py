"""The files in a zip archive, read one after the other where they lie."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.admission.bounded import Bounded
from core.admission.entry import Entry, Limits, is_aside, refusal_of, too_many, too_much, written_name
from core.system.quoting import brief, shown

ENCRYPTED = 0x1
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # whose decompressors take little memory
CHUNK = 1 << 20
LISTED, LISTED_BYTES = b"PK\x01\x02", 46  # what an entry of the directory begins with, and how long it is at least
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, struct.error, UnicodeError, LookupError)


def zip_entries(path: Path, limits: Limits) -> Iterator[Entry]:
    """Every file of the archive that is not hidden, in its order, or why it is not read; links and folders of names are
    never followed. Raises ValueError where it is no archive, or holds too much."""
    with path.open("rb") as file:
        try:
            archive = zipfile.ZipFile(_Counted(file, limits, too_many(path.name, limits)))
        except _DAMAGED as problem:
            raise ValueError(
                f"{shown(path.name)} must be a whole zip archive, got one that cannot be read ({brief(problem)}). "
                "Pack it again."
            ) from None
        members = archive.infolist()
        if len(members) > limits.entries:
            raise too_many(path.name, limits)
        budget = _Budget(path, limits)
        for number, member in enumerate(members, start=1):
            name = written_name(member.filename)
            if member.is_dir() or is_aside(name):
                continue
            refusal = refusal_of(name) or _refusal_of(member, limits)
            content = b""
            if not refusal:
                content, refusal = budget.read(archive, member)
            yield Entry(name, content, number / len(members), refusal)


class _Counted(Bounded):
    """Also refuses a directory of more entries than may be, before an object is made of each of them."""

    def __init__(self, file: BinaryIO, limits: Limits, error: ValueError) -> None:
        super().__init__(file, limits.directory_bytes, error)
        self._most_entries, self._too_many = limits.entries, error

    def read(self, size: int | None = -1) -> bytes:
        """As of any file."""
        content = super().read(size)
        if len(content) > LISTED_BYTES * self._most_entries and content.count(LISTED) > self._most_entries:
            raise self._too_many
        return content


def _refusal_of(member: zipfile.ZipInfo, limits: Limits) -> str:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a device, not a file"
    if member.flag_bits & ENCRYPTED:
        return "it is encrypted"
    if member.compress_type not in READABLE:
        return "it is packed in another way than by deflate"
    if member.file_size > limits.entry_bytes:
        return f"it is larger than {limits.entry_bytes:,} bytes"
    return ""


class _Budget:
    """What may still come out of an archive, whatever its headers say: bytes are counted as they come."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._what, self._limits = path.name, limits
        self._most = limits.unpacked(path.stat().st_size)
        self._taken = 0

    def read(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[bytes, str]:
        """The content, or why there is none."""
        pieces: list[bytes] = []
        size = 0
        try:
            with archive.open(member) as stream:
                while piece := stream.read(CHUNK):
                    size += len(piece)
                    self._taken += len(piece)
                    if self._taken > self._most:
                        raise too_much(self._what, self._most)
                    if size > self._limits.entry_bytes:
                        return b"", f"it is larger than {self._limits.entry_bytes:,} bytes"
                    pieces.append(piece)
        except _DAMAGED as problem:
            return b"", f"it is damaged ({brief(problem)})"
        return b"".join(pieces), ""
