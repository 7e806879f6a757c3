"""How well the space of a snapshot answers three questions (core/statistics/three_answers.py), measured by a process of
its own once somebody asks, and kept in the store under a digest of what it is of. Those of the last snapshots of the
recorded runs come with the code.

A page has it done by `python -m core.jobs.measure_questions FOLDER STEP OUT`.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
from filelock import FileLock

from core.jobs.measure_reached import digest_of
from core.jobs.read_apart import ONE_THREAD
from core.runs.run_folder import UNREADABLE, Run
from core.statistics.three_answers import ThreeAnswers
from core.system.atomic_files import write_bytes
from core.system.background import NICENESS
from core.system.locations import ASSETS, ROOT
from core.system.own_process import started

VERSION = b"questions 1"  # of what is kept
MOST_KEPT = 1_000  # files in the store
HOME = "questions"


def kept_at(root: Path, run: Run, step: int) -> Path:
    """Where the answers of a snapshot are kept: with the code where they come with it, else in the store at `root`; the
    name changes with the content of the snapshot."""
    name = f"{digest_of(run, [step], VERSION)}.npz"
    with_code = ASSETS / HOME / name
    return with_code if with_code.exists() else root / HOME / name


def kept(path: Path) -> ThreeAnswers | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return ThreeAnswers.from_arrays({name: arrays[name] for name in arrays.files})
    except (FileNotFoundError, *UNREADABLE):
        return None


def measured(run: Run, step: int) -> ThreeAnswers:
    """The answers of a snapshot, measured here and now. Raises ValueError for points without a pair of either kind."""
    from core.statistics.three_questions import three_answers  # numba, which no page loads that reads what is kept

    embeddings = run.snapshot(step, "embeddings")["embeddings"]
    return three_answers(embeddings, run.probe()["labels"], run.experiment().distance)


def keep(path: Path, answers: ThreeAnswers) -> None:
    """Write what `kept` reads."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **answers.arrays())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content.getvalue())


def start(run: Run, step: int, path: Path) -> subprocess.Popen[bytes]:
    """Have another process measure a snapshot and keep the answers at `path`, behind everything else that this machine
    does; it ends by itself."""
    command = [sys.executable, "-m", "core.jobs.measure_questions", str(run.folder), str(step), str(path)]
    return started(command, os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)})


def main(arguments: list[str]) -> None:
    """Measure and keep it, one snapshot of a store at a time."""
    folder, step, path = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    with suppress(OSError):
        os.nice(NICENESS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "lock"):
        if kept(path) is not None:
            return
        keep(path, measured(Run(folder), step))
        files = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_KEPT]:
            file.unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
