"""A run of a head on brought vectors, trained in a blink."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.experiment.experiment import Experiment
from core.jobs.train_run import record
from core.runs.run_folder import Run
from core.runs.store import Store


def made_head(root: Path, experiment: Experiment) -> Run:
    """The run in the store at `root`, where its vectors lie, too; finished."""
    store = Store(root)
    row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
    run = Run.create(store.folder(row.id), experiment)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.maps.projector.is_warm", lambda: False)
        record(run, wait_for_umap=False)
    last, epochs = run.snapshots()[-1], experiment.schedule.epochs
    store.set_state(row.id, "running")
    store.progress(row.id, epochs, epochs, step=last.step, seconds=last.seconds, seconds_left=0.0)
    store.set_state(row.id, "finished")
    return run
