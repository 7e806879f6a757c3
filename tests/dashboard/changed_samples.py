"""Strategies in a store whose trainings have changed each sample otherwise, and a run that can be forked."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import Comparison, comparison_of, keep
from core.jobs import measure_anchors
from core.jobs.measure_reached import measured
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.core.taken_home import EXPERIMENT, trained_run
from tests.dashboard.compared_strategies import BASE
from tests.dashboard.made_runs import made_run

NAMES = ("semi-hard", "random", "all")


def changed_comparison(root: Path, seeds: int = 2, *, is_measured: bool = True) -> Comparison:
    """Three strategies from some seeds, kept in the store at `root`, whose last embeddings are moved at random."""
    plan = Plan(along(BASE, "miner", list(NAMES)), tuple(range(seeds)), Budget(UPDATES, 30))
    members = plan.members()
    for number, member in enumerate(members):
        run = made_run(root, member.experiment, pulls=(0.2, 0.2))
        step, generator = run.snapshots()[-1].step, np.random.default_rng(number)
        arrays = run.snapshot(step)
        moved = arrays["embeddings"] + generator.normal(0, 0.05, arrays["embeddings"].shape).astype(np.float32)
        np.savez(run.folder / f"snapshots/{step:06d}.npz", allow_pickle=False, **(arrays | {"embeddings": moved}))
        measured(root, run)
        if is_measured:
            measure_anchors.measured(root, run)
    comparison = comparison_of("three miners", plan, {member.run_id: member for member in members})
    keep(root, comparison)
    return comparison


def forkable(store: Store, state: str = "finished") -> Run:
    """One epoch of digits with its checkpoint."""
    row = store.submit(EXPERIMENT.described(), EXPERIMENT.run_id(), EXPERIMENT.title())
    shutil.copytree(trained_run().folder, store.folder(row.id), dirs_exist_ok=True)
    for step in ("running", *(("pausing",) if state == "paused" else ()), state):
        store.set_state(row.id, step)
    return Run(store.folder(row.id))
