"""The files in a tar archive, plain or packed by gzip, read one after the other as they come."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from gzip import GzipFile
from pathlib import Path
from typing import Any, BinaryIO, cast

from core.admission.bounded import Bounded
from core.admission.entry import Entry, Limits, is_aside, refusal_of, too_many, too_much, written_name
from core.system.quoting import brief, shown

GZIP = b"\x1f\x8b"
_DAMAGED = (tarfile.TarError, zlib.error, EOFError, OSError, UnicodeError, OverflowError)


def tar_entries(path: Path, limits: Limits) -> Iterator[Entry]:
    """As `zip_entries`, of a tar archive. What stands before a damage is read, and the damage is an entry."""
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file, closing(_unpacked(file)) as unpacked:
        most = limits.unpacked(size)
        largest, last = limits.entry_bytes + tarfile.RECORDSIZE, None if unpacked is file else most
        reader = Bounded(unpacked, largest, too_much(path.name, most), last)
        try:
            archive = tarfile.TarFile(fileobj=cast(BinaryIO, reader))
        except _DAMAGED as problem:
            raise ValueError(
                f"{shown(path.name)} must be a whole tar archive, plain or packed by gzip, got one that cannot be read "
                f"({brief(problem)}). Pack it again."
            ) from None
        for number in range(limits.entries + 1):
            try:
                member = archive.next()
            except _DAMAGED as problem:
                yield Entry(path.name, b"", 1.0, f"it is damaged from its file {number + 1:,} on ({brief(problem)})")
                return
            if member is None:
                return
            cast(Any, archive).members.clear()  # otherwise it remembers all of them
            name = written_name(member.name)
            if member.isdir() or is_aside(name):
                continue
            yield _read(archive, member, name, min(file.tell() / size, 1.0), limits)
        raise too_many(path.name, limits)


def _unpacked(file: BinaryIO) -> BinaryIO:
    is_packed = file.read(2) == GZIP
    file.seek(0)
    return cast(BinaryIO, GzipFile(fileobj=file)) if is_packed else file


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, share: float, limits: Limits) -> Entry:
    refusal = refusal_of(name)
    if not refusal and (not member.isreg() or member.issparse()):
        refusal = "it is a link or a device, not a file"
    if not refusal and member.size > limits.entry_bytes:
        refusal = f"it is larger than {limits.entry_bytes:,} bytes"
    if refusal:
        return Entry(name, b"", share, refusal)
    try:
        stream = archive.extractfile(member)
        assert stream is not None, "of a file it is one"
        content = stream.read()
    except _DAMAGED as problem:
        return Entry(name, b"", share, f"it is damaged ({brief(problem)})")
    return Entry(name, content, share)
