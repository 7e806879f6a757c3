"""The answers that come with the code: a file for each recorded run, and none of a run that is no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.jobs.measure_questions import HOME, kept
from core.makers import kept_questions
from core.system.locations import ASSETS


def test_each_recorded_run_has_a_file_by_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ASSETS / "recorded" / "digits-softmax", tmp_path / "recorded" / "digits-softmax")
    (tmp_path / HOME).mkdir()
    (tmp_path / HOME / "gone.npz").touch()
    monkeypatch.setattr(kept_questions, "ASSETS", tmp_path)
    kept_questions.main()
    (path,) = (tmp_path / HOME).glob("*.npz")
    assert path.name in capsys.readouterr().out and (ASSETS / HOME / path.name).exists()
    found = kept(path)
    assert found is not None and found.numbers.recall_at_1 > 0.96


def test_nothing_else_comes_with_the_code() -> None:
    assert len(list((ASSETS / HOME).glob("*.npz"))) == len(list((ASSETS / "recorded").iterdir()))
