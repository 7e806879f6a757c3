"""What finished trainings have reached, measured by several processes and kept in the store under a digest of what it
is of, so that a comparison that is looked at again measures nothing anew.

A page has it done by a process of its own: `python -m core.jobs.measure_reached STORE RUN ...`, folders both.
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

import numpy as np
from filelock import FileLock

from core.comparison.reached import Reached
from core.jobs.read_apart import ONE_THREAD
from core.runs.run_folder import UNREADABLE, Run
from core.system.atomic_files import write_bytes
from core.system.background import NICENESS
from core.system.locations import ROOT
from core.system.own_process import started

VERSION = b"2"  # of what is kept
HOME = "reached"


def kept_at(root: Path, run: Run) -> Path:
    """Where the store at `root` keeps what a run has reached; the name changes with the content of its last
    snapshot."""
    return root / HOME / f"{digest_of(run, [run.snapshots()[-1].step], VERSION)}.npz"


def digest_of(run: Run, steps: Sequence[int], version: bytes) -> str:
    """32 hexadecimal characters that change with the content of the snapshots after so many updates, of the probe and
    with the run's distance, and with the version of what is made of them."""
    distance = json.dumps(run.record().experiment.get("distance", {}), sort_keys=True)
    told = hashlib.sha256(version + distance.encode())
    for part in (*(f"snapshots/{step:06d}.npz" for step in steps), "probe.npz"):
        with (run.folder / part).open("rb") as file:
            told.update(hashlib.file_digest(file, "sha256").digest())
    return told.hexdigest()[:32]


def kept(path: Path) -> Reached | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Reached.from_arrays({name: arrays[name] for name in arrays.files})
    except (FileNotFoundError, *UNREADABLE):
        return None


def measured(root: Path, run: Run) -> Reached:
    """What a finished run has reached on the held-out samples of its last snapshot: kept, or measured now and kept."""
    path = kept_at(root, run)
    if (found := kept(path)) is not None:
        return found
    from core.comparison.measuring import reached  # numba, which no page loads that reads what is kept

    step = run.snapshots()[-1].step
    embeddings = run.snapshot(step, "embeddings")["embeddings"]
    found = reached(embeddings, run.probe()["labels"], run.threshold_edges(step), run.experiment().distance)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **found.arrays())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content.getvalue())
    return found


def measured_all(
    root: Path, runs: Sequence[Path], processes: int, done: Callable[[int], None] = lambda count: None
) -> list[Reached]:
    """The same of runs by their folders, in their order, by so many processes; `done` is told of how many are."""
    found: dict[Path, Reached] = {}
    context = multiprocessing.get_context("spawn")  # forked threads of numba would wait for ever
    with ProcessPoolExecutor(max(min(processes, len(runs)), 1), mp_context=context) as pool:
        asked = {pool.submit(measured, root, Run(folder)): folder for folder in runs}
        for number, future in enumerate(as_completed(asked), start=1):
            found[asked[future]] = future.result()
            done(number)
    return [found[folder] for folder in runs]


def start(root: Path, runs: Sequence[Path], module: str = "core.jobs.measure_reached") -> subprocess.Popen[bytes]:
    """Have another process measure these runs, behind everything else that this machine does; it ends by itself."""
    command = [sys.executable, "-m", module, str(root), *map(str, runs)]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    return started(command, environment)


def main(arguments: Sequence[str]) -> None:
    """Measure and keep what the runs have reached."""
    each_measured(arguments, HOME, measured)


def each_measured(arguments: Sequence[str], home: str, measure: Callable[[Path, Run], object]) -> None:
    """Of a store and folders of runs: measure them one after the other, one process of a `home` in the store at a time;
    what cannot be measured is left."""
    root, folders = Path(arguments[0]), list(map(Path, arguments[1:]))
    with suppress(OSError):
        os.nice(NICENESS)
    (root / home).mkdir(parents=True, exist_ok=True)
    with FileLock(root / home / "lock"):
        for folder in folders:
            with suppress(OSError, LookupError, ValueError, *UNREADABLE):
                measure(root, Run(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
