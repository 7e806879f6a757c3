"""The neighbourhoods of a large snapshot, found in a process of its own and kept in the store under a digest of what
they are of: `python -m core.jobs.measure_neighbourhoods FOLDER STEP OUT`."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock

from core.jobs.read_apart import ONE_THREAD
from core.maps.snapshot_layout import snapshot_layout
from core.runs.run_folder import UNREADABLE, Run
from core.statistics.neighbourhoods import Done, Neighbourhoods, neighbourhoods
from core.statistics.samples import share
from core.system.atomic_files import write_bytes
from core.system.background import NICENESS
from core.system.locations import ROOT

VERSION = b"1"  # of what is kept
MOST_POINTS = 20_000  # compared with each other; of more a share (core/statistics/samples.py)
MOST_KEPT = 200  # files in the store
HOME = "neighbourhoods"


class Found(NamedTuple):
    """The neighbourhoods of these rows (R,) of a snapshot, among each other."""

    rows: np.ndarray
    of: Neighbourhoods


def kept_at(root: Path, run: Run, step: int) -> Path:
    """Where the store at `root` keeps the neighbourhoods of a snapshot: the name changes with its content."""
    told = hashlib.sha256(VERSION + json.dumps(run.record().experiment.get("distance", {}), sort_keys=True).encode())
    for part in (f"snapshots/{step:06d}.npz", "probe.npz"):
        with (run.folder / part).open("rb") as file:
            told.update(hashlib.file_digest(file, "sha256").digest())
    return root / HOME / f"{told.hexdigest()[:32]}.npz"


def measured(run: Run, step: int) -> Found:
    """The neighbourhoods of a snapshot, found here and now; of more than MOST_POINTS those of a share of them."""
    return _measured(run, step, lambda part: None)


def kept(path: Path) -> Found | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Found(arrays["sample"], Neighbourhoods.from_arrays({name: arrays[name] for name in arrays.files}))
    except (FileNotFoundError, *UNREADABLE):
        return None


def start(run: Run, step: int, path: Path) -> subprocess.Popen[bytes]:
    """Have another process find the neighbourhoods and keep them at `path`; it goes behind everything else that this
    machine does, and ends by itself, or soon after the process that has started it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "core.jobs.measure_neighbourhoods", str(run.folder), str(step), str(path)]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def progress(path: Path) -> float:
    """The share that is done, from 0 to 1, while it is under way."""
    try:
        return float(_progress_file(path).read_text())
    except (OSError, ValueError):
        return 0.0


def forget_progress(path: Path) -> None:
    """Remove what a process that was ended has said of how far it is."""
    _progress_file(path).unlink(missing_ok=True)


def main(arguments: list[str]) -> None:
    """Find and keep them, one snapshot of a store at a time."""
    folder, step, path = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    parent = os.getppid()
    with suppress(OSError):
        os.nice(NICENESS)

    def done(part: float) -> None:
        if os.getppid() != parent:
            raise SystemExit("the process that asked for this has ended, and nobody waits any more")
        _progress_file(path).write_text(f"{part:.4f}")

    with FileLock(path.parent / "lock"):
        if kept(path) is not None:
            return
        try:
            found = _measured(Run(folder), step, done)
        finally:
            forget_progress(path)
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, sample=found.rows, **found.of.arrays())
        write_bytes(path, content.getvalue())
        files = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_KEPT]:
            file.unlink(missing_ok=True)


def _measured(run: Run, step: int, done: Done) -> Found:
    arrays, labels = run.snapshot(step), run.probe()["labels"]
    rows = share(labels, MOST_POINTS)
    layout, distance = snapshot_layout(arrays)[rows], run.experiment().distance
    points = arrays["embeddings"][rows]
    return Found(rows, neighbourhoods(points, labels[rows], layout, distance=distance, done=done))


def _progress_file(path: Path) -> Path:
    return path.with_suffix(".progress")


if __name__ == "__main__":
    main(sys.argv[1:])
