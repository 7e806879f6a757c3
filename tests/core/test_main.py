"""python -m core: which command is called, and what becomes of its errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.__main__ import USAGE, main
from tests.core.commands import SMALL, refused
from tests.imports import python_files


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_without_a_command_the_usage_is_shown(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert (
        "train | compare | statistics | verify | export | embed | handins | record | cluster" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    "name", ["train", "compare", "statistics", "verify", "export", "embed", "handins", "record", "cluster"]
)
def test_every_command_is_called_by_its_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0 and f"usage: python -m core {name} " in capsys.readouterr().out


def test_a_command_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    names = "import, train, compare, statistics, verify, export, embed, handins, record, cluster"
    assert f"the command must be one of {names}, got 'trane'" in refused(capsys, "trane")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "must be readable and writable" in refused(capsys, "train", *SMALL, "--out", str(tmp_path / "file" / "run"))
    assert (tmp_path / "file").read_text() == "not a folder"


def test_every_command_that_a_sentence_names_is_one() -> None:
    """Sentences on the way out of an error tell what to type, and may be broken over lines."""
    files = python_files("core") + python_files("dashboard")
    named = {name for file in files for name in re.findall(r"-m core ([a-z]+)", file.read_text())}
    assert {"train", "import"} <= named and all(f" {name} " in f" {USAGE.replace(';', ' ;')} " for name in named), named
