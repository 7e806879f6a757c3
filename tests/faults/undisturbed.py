"""A small training, and whether a run that was disturbed ended with the numbers of one that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.jobs.train_run import record
from core.runs.run_folder import Run

EXPERIMENT = Experiment(encoder=Mlp(), schedule=Schedule(epochs=4, probe_points=300, seed=7))


def reference_of(experiment: Experiment, folder: Path) -> Run:
    """A training that nothing disturbs, made in this folder."""
    run = Run.create(folder, experiment)
    assert record(run) == "finished"
    return run


def check_undisturbed(run: Run, reference: Run) -> None:
    """Its numbers and its last points are those of the reference."""
    assert timeless(run.result()) == timeless(reference.result())
    assert [timeless(step.written()) for step in run.steps()] == [
        timeless(step.written()) for step in reference.steps()
    ]
    last = reference.result()["step"]
    ours, undisturbed = run.snapshot(last), reference.snapshot(last)
    np.testing.assert_array_equal(ours["embeddings"], undisturbed["embeddings"])


def timeless(numbers: dict[str, Any]) -> dict[str, Any]:
    """Without how long it took, and by which method the map was drawn: a worker does not wait for UMAP."""
    return {name: value for name, value in numbers.items() if name not in ("seconds", "map")}
