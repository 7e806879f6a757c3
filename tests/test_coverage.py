"""How many lines of core the tests run: in this process, in workers and engines, and of kernels what they do when they
are not compiled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.imports import ROOT

LEAST = 95.0  # of 100 lines
LOWEST = 8  # files that are named
SETTINGS = r"""
[run]
source = core
data_file = {folder}/lines
parallel = true
concurrency = multiprocessing, thread
sigterm = true
patch = subprocess
[report]
exclude_also =
    if TYPE_CHECKING:
    ^\s*\.\.\.$
"""


def run_under(settings: Path, *arguments: str, **environment: str) -> None:
    """Tests with their lines noted, which may fail here as long as they are run: the suite itself says what fails."""
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False, stdout=subprocess.DEVNULL)


@pytest.mark.soak
def test_nearly_all_lines_of_core_are_run(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    settings = tmp_path / "settings"
    settings.write_text(SETTINGS.format(folder=tmp_path))
    run_under(settings, "--numprocesses=2", "--dist=loadfile", "tests/core", "tests/faults", "tests/results")
    run_under(settings, "--numprocesses=2", "-W", "ignore", "tests/core/kernels", NUMBA_DISABLE_JIT="1")
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "-q", f"--rcfile={settings}"], cwd=ROOT, check=True)
    report = tmp_path / "report.json"
    subprocess.run([*coverage, "json", "-q", f"--rcfile={settings}", "-o", str(report)], cwd=ROOT, check=True)
    found = json.loads(report.read_text())
    share = found["totals"]["percent_covered"]
    shares = sorted((one["summary"]["percent_covered"], file) for file, one in found["files"].items())
    lowest = ", ".join(f"{file} {of_file:.0f} %" for of_file, file in shares[:LOWEST])
    record_property("told", f"lines of core that tests run: {share:.1f} % of {found['totals']['num_statements']:,}")
    record_property("told", f"the lowest: {lowest}")
    assert share >= LEAST, lowest
