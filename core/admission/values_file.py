"""Rows of numbers written to the disk as they come, however many there will be, and mapped from there afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np

COLOURS = 3
ROWS_AT_ONCE = 4096


class ValuesFile:
    """A .npy file that grows. Rows of grey pixels become coloured ones when the first coloured row comes."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path, self._most = path, most_bytes
        self._file: BinaryIO | None = None
        self._shape: tuple[int, ...] = ()
        self._dtype = np.dtype(np.uint8)
        self.count = 0

    def append(self, row: np.ndarray) -> None:
        """One more row, of the shape and type of all others; of pixels grey (H, W) or coloured (H, W, 3)."""
        self.extend(row[None])

    def extend(self, rows: np.ndarray) -> None:
        """More rows, as `append` takes them one by one."""
        if self._file is None:
            self._begin(rows.shape[1:], rows.dtype)
        if rows.shape[1:] == (*self._shape, COLOURS):
            self._widen()
        elif (*rows.shape[1:], COLOURS) == self._shape:
            rows = np.repeat(rows[..., None], COLOURS, axis=-1)
        assert rows.shape[1:] == self._shape and rows.dtype == self._dtype, "rows of one shape and type"
        assert self._file is not None
        if self._file.tell() + rows.nbytes > self._most:
            raise ValueError(
                f"the data must take at most {self._most / 1e9:g} GB once they are prepared, got more. Choose smaller "
                "images, or bring a part of them."
            )
        self._file.write(np.ascontiguousarray(rows).data)
        self.count += len(rows)

    def finish(self) -> np.ndarray:
        """All rows (N, ...), mapped from the disk. Raises ValueError where there are none."""
        if self._file is None:
            raise ValueError("what is brought must hold at least one sample, got none. Look at the list of files.")
        self._file.seek(0)
        self._header(self.count)  # of the same length as the first: numpy leaves room for the number of rows
        self._file.close()
        return np.load(self._path, mmap_mode="r", allow_pickle=False)

    def close(self) -> None:
        """Let go of the file, finished or not."""
        if self._file is not None:
            self._file.close()

    def _begin(self, shape: tuple[int, ...], dtype: np.dtype) -> None:
        self._shape, self._dtype = shape, dtype
        self._file = self._path.open("w+b")
        self._header(0)

    def _header(self, count: int) -> None:
        assert self._file is not None
        described = {"descr": self._dtype.str, "fortran_order": False, "shape": (count, *self._shape)}
        np.lib.format.write_array_header_1_0(self._file, described)

    def _widen(self) -> None:
        """Write all grey rows again, in three channels."""
        grey, self._shape = self.finish(), (*self._shape, COLOURS)
        beside = self._path.with_name(f"{self._path.name}.coloured")
        self._file = beside.open("w+b")
        self._header(0)
        for start in range(0, len(grey), ROWS_AT_ONCE):
            some = grey[start : start + ROWS_AT_ONCE]
            self._file.write(np.repeat(some[..., None], COLOURS, axis=-1).data)
        os.replace(beside, self._path)
