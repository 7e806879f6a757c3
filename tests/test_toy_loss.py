"""The promise of docs/METHODS.md: a loss is one file and one line, and then it is everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT

TOY = '''from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Pairs
from core.losses.base import Batch, Loss, Terms
from core.params import param


@dataclass(frozen=True)
class Toy(Loss):
    """Pull every pair of one class together, `force` times as hard as need be."""

    consumes = Pairs
    force: float = param(2.0, low=0.5, high=8.0, help="factor on every distance")

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        return self.mean(self.force * batch.distances[mined.positive])
'''
PAGE = """
from streamlit.testing.v1 import AppTest

from dashboard.runs import state

state.wake_engine = lambda after=0.0: None
page = AppTest.from_file("dashboard/views/train.py", default_timeout=60).run()
assert not page.exception, page.exception
menu = page.selectbox(key="train.loss")
assert "toy" in [option.split(": ")[-1] for option in menu.options], menu.options
menu.set_value("toy").run()
assert not page.exception, page.exception
assert page.number_input(key="train.loss.toy.force").value == 2.0
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with one file more and one line more."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("core", "dashboard", "tests", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "recorded"))
    shutil.copytree(
        ROOT / "assets" / "recorded" / "digits-semi-hard", folder / "assets" / "recorded" / "digits-semi-hard"
    )
    (folder / "docs").mkdir()
    for name in ("pyproject.toml", "docs/METHODS.md", "docs/RESULTS.md"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "core" / "losses" / "toy.py").write_text(TOY)
    table = folder / "core" / "losses" / "__init__.py"
    last = [line for line in table.read_text().splitlines() if line.startswith("from core.losses.")][-1]
    table.write_text(table.read_text().replace(last, f"{last}\nfrom core.losses.toy import Toy"))
    return folder


def python(copy: Path, *words: str) -> str:
    environment = os.environ | {"METRIC_LAB_STORE": str(copy / "store"), "PYTHONPATH": str(copy)}
    command = [sys.executable, *words]
    result = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_it_is_in_the_tables_of_the_papers(copy: Path) -> None:
    python(copy, "-m", "core.makers.catalogue", "docs/METHODS.md")
    python(copy, "-m", "core.makers.standings", "--table", "docs/RESULTS.md")
    assert (copy / "docs" / "RESULTS.md").read_text().count("| toy | not yet measured | | | |") == 2
    row = next(line for line in (copy / "docs" / "METHODS.md").read_text().splitlines() if line.startswith("| toy |"))
    assert "Pull every pair of one class together" in row and "`force` = 2.0" in row


def test_it_is_on_the_command_line(copy: Path) -> None:
    listed = python(copy, "-m", "core", "train", "--list")
    assert "--loss-force (2.0): factor on every distance; a number from 0.5 to 8" in listed


def test_it_is_in_the_widgets(copy: Path) -> None:
    python(copy, "-c", PAGE)


def test_it_is_in_the_common_tests(copy: Path) -> None:
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/core/losses/test_every_loss.py", "-k", "Toy or toy")
    report = python(copy, *words)
    assert int(report.split(" passed")[0].split()[-1]) >= 6 and "failed" not in report, report
