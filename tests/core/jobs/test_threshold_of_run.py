"""The card of a run outside of the page is the one that the page shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.jobs.threshold_of_run import threshold_of_run
from core.records.kinds import Kind
from core.runs.run_folder import Run
from core.verification.goals import Eer, Far
from core.verification.protocols import SAME
from tests.core.taken_home import trained_run


def test_the_card_is_of_the_run_its_step_and_its_checkpoint() -> None:
    run = trained_run()
    numbers = run.snapshots()[-1]
    card = threshold_of_run(run, numbers, Far(0.05), SAME)
    assert card["run"] == run.record().id and card["step"] == numbers.step and len(card["model_digest"]) == 64
    assert card["goal"] == {"kind": "far", "max_false_accept_rate": 0.05} and card["normalisation"] == "l2"
    assert 0 < card["threshold"] < card["threshold_elsewhere"] < 2


def test_a_goal_on_the_safe_side_needs_no_pairs() -> None:
    run = trained_run()
    card = threshold_of_run(run, run.snapshots()[-1], Far(0.3), SAME, safe_side=True)
    assert card["safe_side"] and card["threshold"] == card["threshold_elsewhere"]


def test_runs_of_pairs_and_of_older_versions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained_run()
    numbers = run.snapshots()[-1]
    with monkeypatch.context() as patched:
        patched.setattr(Run, "appraisal", lambda self, step: None)
        with pytest.raises(ValueError, match="must keep what intervals are computed from"):
            threshold_of_run(run, numbers, Eer())
    record = replace(run.record(), kind=Kind.SCORES)
    monkeypatch.setattr(Run, "record", lambda self: record)
    with pytest.raises(ValueError, match="which has pairs. Give the card that the Verify page makes"):
        threshold_of_run(run, numbers, Eer())
