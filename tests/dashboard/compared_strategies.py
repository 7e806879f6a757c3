"""Two strategies from two seeds in a store, trained and measured in a moment."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core.comparison.plan import UPDATES, Budget, Plan, along
from core.comparison.record import Comparison, comparison_of, keep
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample
from core.jobs.measure_reached import kept_at, measured
from tests.dashboard.made_runs import made_run, written_once

BASE = Experiment(split=BySample(evaluation_share=0.15), schedule=Schedule(epochs=2))


def compared(root: Path, seeds: int = 2, *, trained: int | None = None, is_measured: bool = True) -> Comparison:
    """The comparison, kept in the store at `root`; of its trainings so many are finished, by default all."""
    plan = Plan(along(BASE, "miner", ["semi-hard", "random"]), tuple(range(seeds)), Budget(UPDATES, 30))
    members = plan.members()
    for number, member in enumerate(members):
        is_finished = trained is None or number < trained
        run = made_run(root, member.experiment, state="finished" if is_finished else "running")
        if is_finished and is_measured:
            key = run.folder.name, "measured"
            written_once(key, kept_at(root, run).parent, partial(measured, root, run))
    comparison = comparison_of("two miners", plan, {member.experiment.run_id(): member for member in members})
    keep(root, comparison)
    return comparison
