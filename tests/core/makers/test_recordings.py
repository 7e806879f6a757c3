from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.encoders import Mlp
from core.experiment.presets import RECORDINGS
from core.makers import recordings
from core.makers.recordings import record_lessons
from core.runs.run_folder import Run
from core.system.locations import ASSETS
from tests.core.trainings import SMALL


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_lesson_in_the_assets_is_the_one_that_is_declared(name: str) -> None:
    run = Run(ASSETS / "recorded" / name)
    assert run.experiment() == RECORDINGS[name]
    assert run.result()["epoch"] == RECORDINGS[name].schedule.epochs


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_intervals_of_a_lesson_can_be_vouched_for(name: str) -> None:
    """A recording from before those of today would call its own intervals too narrow on the first page of Verify."""
    run = Run(ASSETS / "recorded" / name)
    appraisal = run.appraisal(run.result()["step"])
    assert appraisal is not None and appraisal.everyone.is_vouched


def test_lessons_are_recorded_whole_and_without_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        recordings, "RECORDINGS", {"first": SMALL, "second": replace(SMALL, encoder=Mlp(width=32, dimension=2))}
    )
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "old").write_text("from before")
    record_lessons(tmp_path, [], lambda progress: None)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["first", "second"]
    for folder in tmp_path.iterdir():
        run = Run(folder)
        assert run.result()["step"] == 15
        assert not (folder / "checkpoints").exists() and not (folder / "old").exists()
        shown = run.snapshot(15)
        assert shown["embeddings"].shape == (60, 2) and np.isfinite(shown["map"]).all()
        assert json.loads((folder / "run.json").read_text())["data"]["probe_count"] == 60


def test_a_lesson_that_is_none_is_refused_before_any_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a recording must be one of digits-semi-hard, .*, got 'nothing'. Choose"):
        record_lessons(tmp_path, ["nothing", "digits-softmax"], lambda progress: None)
    assert list(tmp_path.iterdir()) == []
