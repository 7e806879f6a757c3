from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.encoders import Mlp
from core.experiment import presets
from core.experiment.prepared_data import material_of
from core.experiment.presets import LESSONS, PRESETS, Preset, record_lessons
from core.runs.run_folder import Run
from tests.core.trainings import SMALL

EVERY = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@EVERY
def test_a_preset_fits_its_data_which_needs_no_download(preset: Preset) -> None:
    assert not preset.experiment.dataset.needs_download
    given = material_of(preset.experiment)
    assert len(given.training_rows) > 500 and len(given.probe_rows) > 500


def test_presets_are_different_runs_with_different_names() -> None:
    assert len({preset.experiment.run_id() for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@EVERY
def test_a_preset_says_why_one_would_look_at_it(preset: Preset) -> None:
    assert preset.title and preset.why.endswith(".")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_in_the_assets_is_the_one_that_is_declared(name: str) -> None:
    run = Run(Path(presets.__file__).parents[1] / "assets" / "recorded" / name)
    assert run.experiment() == LESSONS[name]
    assert run.result()["epoch"] == LESSONS[name].schedule.epochs


@pytest.mark.parametrize("name", LESSONS)
def test_the_intervals_of_a_lesson_can_be_vouched_for(name: str) -> None:
    """A recording from before those of today would call its own intervals too narrow on the first page of Verify."""
    run = Run(Path(presets.__file__).parents[1] / "assets" / "recorded" / name)
    appraisal = run.appraisal(run.result()["step"])
    assert appraisal is not None and appraisal.everyone.is_vouched


def test_lessons_are_recorded_whole_and_without_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        presets, "LESSONS", {"first": SMALL, "second": replace(SMALL, encoder=Mlp(width=32, dimension=2))}
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
    with pytest.raises(ValueError, match="a lesson must be one of digits-semi-hard, .*, got 'nothing'. Choose"):
        record_lessons(tmp_path, ["nothing", "digits-softmax"], lambda progress: None)
    assert list(tmp_path.iterdir()) == []
