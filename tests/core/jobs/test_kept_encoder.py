"""Runs without an encoder to take home say why, before anything is loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.jobs.kept_encoder import check_has_encoder
from core.records.kinds import Kind
from core.runs.run_folder import Run
from tests.core.taken_home import trained_run


def test_the_last_snapshot_of_a_training_has_one() -> None:
    run = trained_run()
    check_has_encoder(run, run.snapshots()[-1].step)


def test_another_step_is_refused_with_those_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained_run()
    last = run.snapshots()[-1].step
    with pytest.raises(ValueError, match=f"kept its encoder of step 3, got checkpoints of steps: {last}. Choose such"):
        check_has_encoder(run, 3)
    monkeypatch.setattr("core.jobs.kept_encoder.kept_steps", lambda folder: [])
    with pytest.raises(ValueError, match="got checkpoints of steps: none"):
        check_has_encoder(run, last)


@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.is_trained])
def test_what_was_not_trained_has_none(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    record = replace(trained_run().record(), kind=kind)
    monkeypatch.setattr(Run, "record", lambda self: record)
    with pytest.raises(ValueError, match="an encoder must be that of a training, got .* brought or taken out of"):
        check_has_encoder(trained_run(), 0)
