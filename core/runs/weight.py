"""What a run at rest has come to: how much of the disk its folder takes, and the main number of its last snapshot.

Both stand in the index, so that runs are sorted by them without a look into their folders.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from core.records.main_numbers import MAP_AT_R

UNKNOWN = -1.0


class Weight(NamedTuple):
    """Bytes on the disk, and MAP@R or `UNKNOWN`."""

    size: int
    map_at_r: float


def weight_of(folder: Path) -> Weight:
    """Of a run folder as it is now; one that is gone takes nothing."""
    return Weight(size_of(folder), _map_at_r(folder / "snapshots.jsonl"))


def size_of(folder: Path) -> int:
    """All files below the folder, as the disk keeps them; those that go meanwhile count nothing."""
    return sum(_size(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0


def _map_at_r(path: Path) -> float:
    """Out of the plain line, so that nothing else of a damaged record matters here."""
    try:
        lines = path.read_bytes().splitlines()
        value = json.loads(lines[-1])[MAP_AT_R.key] if lines else UNKNOWN
        return float(value) if 0.0 <= float(value) <= 1.0 else UNKNOWN
    except (OSError, ValueError, LookupError, TypeError):
        return UNKNOWN
