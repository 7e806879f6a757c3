"""A file read in pieces of bounded size, up to a bounded place, whatever its headers ask the reader for."""

from __future__ import annotations

import io
from typing import BinaryIO


class Bounded(io.RawIOBase):
    """Stands before an open file: raises `error` where more than `largest` bytes are asked for at once, or something
    beyond the place `last`. A packed file is unpacked as far as one goes, and so not beyond `last`, either."""

    def __init__(self, file: BinaryIO, largest: int, error: ValueError, last: int | None = None) -> None:
        super().__init__()
        self._file, self._largest, self._last, self._error = file, largest, last, error

    def read(self, size: int | None = -1) -> bytes:
        """As of any file; all that is left where that is little enough."""
        if size is not None and size > self._largest:
            raise self._error
        content = self._file.read(self._largest + 1 if size is None or size < 0 else size)
        if len(content) > self._largest:
            raise self._error
        self._check(self._file.tell())
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file, up to the last place."""
        if whence == io.SEEK_SET:
            self._check(offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True

    def _check(self, place: int) -> None:
        if self._last is not None and place > self._last:
            raise self._error
