"""The clock of an engine and its workers, which a test sets (stepped/sitecustomize.py)."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

STEPPED = Path(__file__).parent / "stepped"


class Clock:
    """Of all processes that are started from now on, at first that of the machine."""

    def __init__(self, file: Path, patch: pytest.MonkeyPatch) -> None:
        self._file = file
        file.write_bytes(struct.pack("d", 0.0))
        patch.setenv("METRIC_LAB_TEST_CLOCK", str(file))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(STEPPED), os.environ.get("PYTHONPATH")])))

    def step(self, seconds: float) -> None:
        """Set it so far ahead of the machine's, or behind it."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("d", seconds))
