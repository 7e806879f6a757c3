"""What trainings cost on this machine: `python -m core.makers.paces assets/paces.json`, in some minutes on one core.

Each data set of the presets is trained for a few updates by the preset's encoder and by an MLP, and then for more, with
as many looks: what lies between is what updates cost. Seconds are those of the processor, so that other work on the
machine does not count. The first training of a process compiles and loads, and does not count either.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from core.comparison.paces import pace_name
from core.comparison.plan import samples_of
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.presets import PRESETS
from core.jobs.train_run import record
from core.lazy import torch
from core.runs.run_folder import Run

FEW, MORE, SNAPSHOTS = 20, 60, 2


def measured(experiment: Experiment) -> dict[str, float]:
    """Seconds of a thousand samples that are trained on, and of a thousand held-out samples that are looked at."""
    (few, points), (more, _) = _seconds(experiment, FEW), _seconds(experiment, MORE)
    update = max(more - few, 0.0) / (MORE - FEW)
    looks = max(few - FEW * update, 0.0) / (SNAPSHOTS + 1)
    return {"samples": _rounded(1000 * update / samples_of(experiment)), "points": _rounded(1000 * looks / points)}


def _seconds(experiment: Experiment, updates: int) -> tuple[float, int]:
    """Of the processor, for so many updates with their looks; and the points of each."""
    schedule = replace(experiment.schedule, updates=updates, snapshots=SNAPSHOTS, warm_up=0.0)
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(Path(folder), replace(experiment, schedule=schedule))
        began = time.process_time()
        record(run)
        return time.process_time() - began, len(run.snapshot(updates, "map")["map"])


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")


def main(file: str) -> None:
    """Measure and write them down."""
    torch.set_num_threads(1)
    start = [preset.experiment for preset in PRESETS.values()]
    encoders = [*start, *(replace(one, encoder=Mlp()) for one in start)]
    by_name = {pace_name(one): one for one in encoders}
    measured(start[0])
    found = {name: measured(one) for name, one in by_name.items()}
    Path(file).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    main(sys.argv[1])
