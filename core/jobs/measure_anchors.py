"""How a training has changed each held-out sample as an anchor (core/comparison/anchor_changes.py), measured by a
process of its own and kept in the store as measure_reached.py keeps what was reached.

A page has it done by `python -m core.jobs.measure_anchors STORE RUN ...`, folders both.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.comparison.anchor_changes import Anchors
from core.jobs import measure_reached
from core.runs.run_folder import UNREADABLE, Run
from core.system.atomic_files import write_bytes

VERSION = b"anchors 1"  # of what is kept
HOME = "anchors"


def kept_at(root: Path, run: Run) -> Path:
    """Where the store at `root` keeps it; the name changes with the content of the first and the last snapshot."""
    return root / HOME / f"{measure_reached.digest_of(run, _first_and_last(run), VERSION)}.npz"


def kept(path: Path) -> Anchors | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Anchors(arrays["rows"], arrays["before"], arrays["after"])
    except (FileNotFoundError, *UNREADABLE):
        return None


def measured(root: Path, run: Run) -> Anchors:
    """Of the held-out samples in the first and in the last snapshot of a finished run: kept, or measured now and
    kept."""
    path = kept_at(root, run)
    if (found := kept(path)) is not None:
        return found
    from core.statistics.local_auc import local_aucs  # numba, which no page loads that reads what is kept

    probe, distance = run.probe(), run.experiment().distance
    before, after = (
        local_aucs(run.snapshot(step, "embeddings")["embeddings"], probe["labels"], distance)
        for step in _first_and_last(run)
    )
    found = Anchors(probe["rows"], before, after)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, rows=found.rows, before=found.before, after=found.after)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content.getvalue())
    return found


def start(root: Path, runs: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Have another process measure these runs; it ends by itself."""
    return measure_reached.start(root, runs, "core.jobs.measure_anchors")


def main(arguments: Sequence[str]) -> None:
    """Measure and keep them one after the other."""
    measure_reached.each_measured(arguments, HOME, measured)


def _first_and_last(run: Run) -> tuple[int, int]:
    snapshots = run.snapshots()
    return snapshots[0].step, snapshots[-1].step


if __name__ == "__main__":
    main(sys.argv[1:])
