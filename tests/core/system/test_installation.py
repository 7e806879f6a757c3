"""An installation says how far it is; the lines are those of pip 26.3."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.system.installation import Progress
from tests.environments.wheels import write_wheel
from tests.imports import ROOT

FETCHED = """\
Looking in indexes: https://example.org/simple
Collecting torch<3,>=2.15 (from -r requirements.txt (line 5))
  Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (30 kB)
Processing /wheels/scikit_learn-1.9.1-cp311-cp311-manylinux_2_28_x86_64.whl (from -r requirements.txt (line 10))
  Using cached narwhals-2.29.0-py3-none-any.whl (501 kB)
  Downloading torch-2.15.0-cp311-cp311-manylinux_2_28_x86_64.whl (780.1 MB)
Progress 0 of 780100000
Progress 312000000 of 780100000
"""


def heard(folder: Path, text: str) -> Progress:
    progress = Progress(folder)
    for line in text.splitlines(keepends=True):
        progress.hear(line)
    return progress


def test_what_is_fetched_is_counted_with_its_size(tmp_path: Path) -> None:
    assert heard(tmp_path, "").text() == "asking for packages"
    assert heard(tmp_path, FETCHED).text() == "3 packages fetched, now torch, 312 of 780 MB"


def test_what_is_installed_is_counted_in_the_environment(tmp_path: Path) -> None:
    add(tmp_path, "torch-2.14.0")
    progress = heard(tmp_path, FETCHED + "Installing collected packages: torch, scikit-learn, narwhals\n")
    assert progress.text() == "0 of 3 packages installed, now torch", "the version before does not count"
    add(tmp_path, "torch-2.15.0")
    add(tmp_path, "scikit_learn-1.9.1")
    assert progress.text() == "2 of 3 packages installed, now narwhals"
    add(tmp_path, "narwhals-2.29.0")
    assert progress.text() == "3 of 3 packages installed"
    assert progress.summary(90.0).startswith("3 of 3 packages installed in 1.5 min")


def test_pip_itself_is_heard_and_its_failure_shown(tmp_path: Path) -> None:
    write_wheel(tmp_path / "wheels", "nothing", "1.0")
    done = install(tmp_path, "nothing")
    assert done.returncode == 0 and "1 of 1 packages installed" in done.stdout, done.stdout
    assert (tmp_path / "here" / "nothing.py").exists()
    failed = install(tmp_path, "nothing>=2")
    assert failed.returncode != 0
    assert "No matching distribution found for nothing>=2" in failed.stdout


def add(packages: Path, name: str) -> None:
    (packages / f"{name}.dist-info").mkdir()
    (packages / f"{name}.dist-info" / "INSTALLER").write_text("pip")


def install(folder: Path, wanted: str) -> subprocess.CompletedProcess[str]:
    options = ["--no-index", "--find-links", str(folder / "wheels"), "--target", str(folder / "here"), wanted]
    command = [sys.executable, "-m", "core.system.installation", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
