"""The examples of core as a library: each runs by itself, cell by cell, and prints what it says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))
SAID = re.compile(r"^# > (.+)$", re.MULTILINE)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TOLERANCE = 0.05  # of a number that training has a part in, on another processor


def differences(said: list[str], printed: list[str]) -> list[tuple[str, str]]:
    """The lines whose words differ, or whose numbers differ by more than the tolerance."""
    if len(said) != len(printed):
        return [("\n".join(said), "\n".join(printed))]
    return [(left, right) for left, right in zip(said, printed, strict=True) if not _alike(left, right)]


def _alike(left: str, right: str) -> bool:
    numbers = ([float(text.replace(",", "")) for text in NUMBER.findall(line)] for line in (left, right))
    same_words = NUMBER.sub("0", left) == NUMBER.sub("0", right)
    return same_words and list(next(numbers)) == pytest.approx(next(numbers), rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_prints_what_it_says(file: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-m", f"docs.examples.{file.stem}"]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stderr
    assert differences(SAID.findall(file.read_text()), result.stdout.splitlines()) == []
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_cell_can_be_pasted_alone(file: Path) -> None:
    head, *cells = re.split(r"^# %% ", file.read_text(), flags=re.MULTILINE)
    assert len(cells) >= 3
    for cell in cells:
        explained, _, code = cell.partition("\n")
        assert explained.endswith("."), explained
        ast.parse(code)
    assert f"`.venv/bin/python -m docs.examples.{file.stem}`" in head


def test_there_are_three_examples_and_the_readme_names_them() -> None:
    assert len(EXAMPLES) == 3
    readme = (ROOT / "README.md").read_text()
    assert all(f"docs/examples/{file.name}" in readme for file in EXAMPLES)


def test_a_line_that_is_not_printed_is_found() -> None:
    assert differences(["Recall 0.91, 1,078 images"], ["Recall 0.93, 1,078 images"]) == []
    assert differences(["Recall 0.91"], ["Recall 0.71"]) and differences(["Recall 0.91"], ["recall 0.91"])
    assert differences(["Recall 0.91"], [])
