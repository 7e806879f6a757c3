"""python -m core record: which lessons are recorded where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.cli.train import show_progress
from tests.core.commands import refused


@pytest.mark.parametrize(
    ("words", "folder", "names"),
    [
        ([], "assets/recorded", []),
        (["--out", "elsewhere", "first", "second"], "elsewhere", ["first", "second"]),
    ],
)
def test_the_lessons_named_are_recorded_in_the_folder_named(
    words: list[str], folder: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[tuple[Any, ...]] = []
    monkeypatch.setattr("core.cli.record.record_lessons", lambda *given: recorded.append(given))
    assert main(["record", *words]) == 0
    assert recorded == [(Path(folder), names, show_progress)]


def test_record_refuses_a_lesson_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a recording must be one of" in refused(capsys, "record", "--out", str(tmp_path / "made"), "no-such-lesson")
    assert list(tmp_path.iterdir()) == []
