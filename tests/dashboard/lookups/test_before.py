"""The same goal on the run that rows were left out of."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.jobs.measure_embeddings import measure
from core.jobs.withdraw_samples import take_out
from core.runs.run_folder import Run
from core.runs.store import Store
from core.verification.goals import Eer, Hand
from core.verification.protocols import SAME
from dashboard.lookups import appraisals
from dashboard.lookups.before import before


def without(root: Path, run: Run, name: str) -> str:
    """The name of the measured run without two rows of the snapshot after 10 updates."""
    store = Store(root)
    row = take_out(store, name, run, 10, [4, 9])
    assert measure(store.folder(row.id), report=lambda message: None, wanted=lambda: "run") == "finished"
    return row.id


def test_it_is_that_of_the_snapshot_before_under_the_same_goal(root: Path, run: Run, name: str) -> None:
    left = without(root, run, name)
    for goal in (Eer(), Hand(0.7)):
        found = before(left, appraisals.outcome_of(left, 0, goal, SAME))
        assert found and found.outcome.goal == goal
        assert found.outcome.threshold == appraisals.outcome_of(name, 10, goal, SAME).threshold
        assert found.numbers == run.snapshots()[1] and found.numbers.step == 10


def test_there_is_none_of_a_whole_run_and_of_one_that_is_gone(root: Path, run: Run, name: str) -> None:
    assert before(name, appraisals.outcome_of(name, 20, Eer(), SAME)) is None
    once = without(root, run, name)
    twice = take_out(Store(root), once, Run(Store(root).folder(once)), 0, [0])
    assert Run(Store(root).folder(twice.id)).record().without
    hidden = run.folder.with_name("hidden")
    shutil.move(run.folder, hidden)
    try:
        assert before(once, appraisals.outcome_of(once, 0, Eer(), SAME)) is None
    finally:
        shutil.move(hidden, run.folder)
