from __future__ import annotations

from core.records.messages import Progress, stage


def test_a_stage_is_progress_of_a_job_that_trains_nothing() -> None:
    assert stage(2, 3) == {"epoch": 2, "epochs": 3, "step": 0, "seconds": 0.0, "left": None}
    assert set(stage(0, 1)) == Progress.__required_keys__
