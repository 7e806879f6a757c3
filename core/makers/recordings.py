"""The recorded lessons in assets/: shown before anybody has trained, made by `python -m core record`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.experiment.presets import RECORDINGS
from core.jobs.train_run import record
from core.records.messages import Report
from core.runs.run_folder import Run


def record_lessons(folder: Path, names: Sequence[str], report: Report) -> None:
    """Train the recordings and keep their run folders, compressed and without checkpoints, under `folder`."""
    for unknown in set(names) - set(RECORDINGS):
        raise ValueError(f"a recording must be one of {', '.join(RECORDINGS)}, got {unknown!r}. Choose one of these.")
    for name in names or RECORDINGS:
        with tempfile.TemporaryDirectory() as temporary:
            run = Run.create(Path(temporary) / name, RECORDINGS[name])
            record(run, report=report)
            shutil.rmtree(run.folder / "checkpoints")
            for file in run.folder.rglob("*.npz"):
                with np.load(file) as arrays:
                    np.savez_compressed(file, **arrays)
            shutil.rmtree(folder / name, ignore_errors=True)
            shutil.move(run.folder, folder / name)
