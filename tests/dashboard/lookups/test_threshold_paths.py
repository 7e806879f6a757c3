"""The threshold at every snapshot, and at the end of runs beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.runs.run_folder import Run
from core.thresholds.outcome import outcome
from core.thresholds.over_epochs import Moment, carried
from core.verification.goals import Eer
from core.verification.protocols import OTHERS, SAME
from dashboard.lookups import appraisals, threshold_paths
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.verify_pages import curve_of


@pytest.fixture(scope="module")
def seed(root: Path) -> Run:
    """The same run with another seed."""
    return made_run(root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


def test_the_last_threshold_is_exact_and_the_others_are_among_those_that_are_kept(name: str, run: Run) -> None:
    path, unmet = threshold_paths.path_of(name, Eer(), SAME)
    assert [one.step for one in path] == [0, 10, 20] and not unmet
    assert path[-1].threshold == Eer().threshold(curve_of(run))
    assert path[1].threshold == outcome(appraisals.appraisal(name, 10), Eer(), SAME).threshold


def test_a_snapshot_where_the_protocol_cannot_be_says_why(name: str) -> None:
    path, unmet = threshold_paths.path_of(name, Eer(), OTHERS)
    assert (
        not path
        and set(unmet) == {0.0, 1.0, 2.0}
        and all("needs at least 20 identities" in why for why in unmet.values())
    )
    assert threshold_paths.moment_of(name, 10, 1.0, Eer(), OTHERS) == unmet[1.0]


def test_thresholds_are_carried_to_a_later_snapshot(name: str, run: Run) -> None:
    found = run.appraisal(20)
    assert found is not None
    assert threshold_paths.carried_to(name, 20, (0.5, 0.9), SAME) == [carried(found, at, SAME) for at in (0.5, 0.9)]


def test_runs_of_the_same_data_and_distance_stand_beside_it(name: str, seed: Run) -> None:
    titles = threshold_paths.like(name)
    assert seed.folder.name in titles and name not in titles
    (row,) = threshold_paths.beside([seed.folder.name], titles, 0.9, Eer(), SAME)
    assert isinstance(row.moment, Moment) and row.moment.threshold == Eer().threshold(curve_of(seed))
    found = seed.appraisal(20)
    assert found is not None and row.carried == carried(found, 0.9, SAME) and not row.problem


def test_a_run_without_a_threshold_says_why_beside_the_others(name: str, seed: Run) -> None:
    titles = threshold_paths.like(name)
    (row,) = threshold_paths.beside([seed.folder.name], titles, 0.9, Eer(), OTHERS)
    assert row.moment is None and row.carried is None and "needs at least 20 identities" in row.problem
