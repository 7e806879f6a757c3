"""How far the maps of a snapshot can be trusted: its own, its principal components and a UMAP map from another seed,
measured by a process of their own and kept in the store under a digest of what they are of. Nothing of it is done while
a run trains, so that it costs no training, and runs of earlier versions have it as well.

A page has it done by `python -m core.jobs.measure_map_quality FOLDER STEP KIND OUT`.
"""

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
from core.maps.other_maps import OWN, other_map
from core.maps.snapshot_layout import snapshot_layout
from core.runs.run_folder import UNREADABLE, Run
from core.statistics.map_quality import MapQuality, agreement, map_quality
from core.statistics.samples import share
from core.system.atomic_files import write_bytes
from core.system.background import NICENESS
from core.system.locations import ROOT
from core.system.own_process import started

VERSION = b"1"  # of what is kept
MOST_POINTS = 5_000  # compared with each other; of more a share (core/statistics/samples.py)
MOST_KEPT = 1_000  # files in the store
HOME = "maps"


class MeasuredMap(NamedTuple):
    """A map (N, 2) of all points of a snapshot, by which method it was made, how far it can be trusted, and the share
    of neighbours that it has in common with the run's own map (1 of that one)."""

    layout: np.ndarray
    method: str
    quality: MapQuality
    agreement: float


def kept_at(root: Path, run: Run, step: int, kind: str) -> Path:
    """Where the store at `root` keeps what is measured of a map; the name changes with the content of its snapshot."""
    told = hashlib.sha256(VERSION + json.dumps([kind, run.record().experiment], sort_keys=True).encode())
    for part in (f"snapshots/{step:06d}.npz", "probe.npz"):
        with (run.folder / part).open("rb") as file:
            told.update(hashlib.file_digest(file, "sha256").digest())
    return root / HOME / f"{told.hexdigest()[:32]}.npz"


def kept(path: Path) -> MeasuredMap | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            quality = MapQuality.from_array(arrays["quality"])
            return MeasuredMap(arrays["layout"], str(arrays["method"]), quality, float(arrays["agreement"]))
    except (FileNotFoundError, *UNREADABLE):
        return None


def measured(run: Run, step: int, kind: str) -> MeasuredMap:
    """A map of this kind (core/maps/other_maps.py) of a snapshot, made and measured here and now; of more than
    MOST_POINTS points a share of them is measured. Raises ValueError for a map that cannot be."""
    arrays, labels = run.snapshot(step), run.probe()["labels"]
    embeddings, own, experiment = arrays["embeddings"], snapshot_layout(arrays), run.experiment()
    layout, method = own, _method(run, step)
    if kind != OWN:
        layout, method = (made := other_map(embeddings, own, kind, experiment.schedule.seed)).points, made.method
    rows, distance = share(labels, MOST_POINTS), experiment.distance
    quality = map_quality(distance.prepared(embeddings)[rows], labels[rows], layout[rows], distance=distance)
    return MeasuredMap(layout, method, quality, 1.0 if kind == OWN else agreement(own[rows], layout[rows]))


def start(run: Run, step: int, kind: str, path: Path) -> subprocess.Popen[bytes]:
    """Have another process measure a map and keep it at `path`, behind everything else that this machine does; it ends
    by itself."""
    command = [sys.executable, "-m", "core.jobs.measure_map_quality", str(run.folder), str(step), kind, str(path)]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    return started(command, environment)


def main(arguments: list[str]) -> None:
    """Measure and keep it, one map of a store at a time."""
    folder, step, kind, path = Path(arguments[0]), int(arguments[1]), arguments[2], Path(arguments[3])
    with suppress(OSError):
        os.nice(NICENESS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "lock"):
        if kept(path) is not None:
            return
        found, content = measured(Run(folder), step, kind), io.BytesIO()
        values = {"method": np.array(found.method), "agreement": np.array(found.agreement)}
        np.savez(content, allow_pickle=False, layout=found.layout, quality=found.quality.array(), **values)
        write_bytes(path, content.getvalue())
        files = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_KEPT]:
            file.unlink(missing_ok=True)


def _method(run: Run, step: int) -> str:
    """By which method the run's own map was made."""
    line = next(line for line in run.snapshots() if line.step == step)
    return "pca" if line.map == "none" else line.map


if __name__ == "__main__":
    main(sys.argv[1:])
