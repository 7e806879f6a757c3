"""What the targets of the Makefile would run, in a folder where nothing is installed yet."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments.locked import locked
from tests.environments.wheels import write_wheel
from tests.imports import ROOT

FILES = ("Makefile", "requirements.txt", "constraints.txt", "tests/requirements.txt")
CHANNEL = "https://download.pytorch.org/whl/cpu"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    without = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "TORCH"))}
    return subprocess.run(
        ["make", "--dry-run", *arguments], cwd=clone, env=without, capture_output=True, text=True, check=False
    )


def installing(clone: Path, *arguments: str) -> list[str]:
    """The options of each installation, in order."""
    result = make(clone, *arguments)
    assert result.returncode == 0, result.stderr
    verbs, lines = (" pip install ", " core.system.installation "), result.stdout.splitlines()
    commands = [line.split(verb)[-1] for line in lines for verb in verbs if verb in line]
    assert all("-c constraints.txt" in command for command in commands)
    return [command.replace("-c constraints.txt ", "") for command in commands]


def test_pip_comes_first_then_what_runs(clone: Path) -> None:
    assert installing(clone, "run") == ["--quiet --disable-pip-version-check pip", "-r requirements.txt"]


def test_testing_adds_its_own_requirements(clone: Path) -> None:
    assert installing(clone, "lint")[-2:] == ["-r requirements.txt", "-r tests/requirements.txt"]


def test_a_torch_for_the_processor_comes_from_one_channel_before_the_rest(clone: Path) -> None:
    # Without what they need, since that channel holds other versions of it; a torch that is there is then kept.
    assert installing(clone, "run", "TORCH=cpu") == [
        "--quiet --disable-pip-version-check pip",
        f"--no-deps --index-url {CHANNEL} torch torchvision",
        "-r requirements.txt",
    ]


def test_pip_takes_the_build_for_the_processor_under_the_lock(clone: Path) -> None:
    channel = clone / "channel"
    for name in ("torch", "torchvision"):
        for version in (f"{locked()[name]}+cpu", f"{locked()[name]}", "99.0+cpu"):
            write_wheel(channel, name, version)
    options = installing(clone, "run", "TORCH=cpu")[1].replace(f"--index-url {CHANNEL}", f"--no-index -f {channel}")
    command = (
        f"{sys.executable} -m pip install -c constraints.txt {options} --ignore-installed --dry-run --quiet --report -"
    )
    result = subprocess.run(command.split(), cwd=clone, capture_output=True, text=True, check=True)
    chosen = {found["metadata"]["name"]: found["metadata"]["version"] for found in json.loads(result.stdout)["install"]}
    assert chosen == {name: f"{locked()[name]}+cpu" for name in ("torch", "torchvision")}


def test_an_environment_for_the_processor_stays_one(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "torch-cpu.stamp").touch()
    os.utime(clone / ".venv" / "torch-cpu.stamp", (0, 0))  # older than the lock
    assert any(CHANNEL in command for command in installing(clone, "run"))


def test_another_torch_is_refused_in_a_sentence(clone: Path) -> None:
    result = make(clone, "run", "TORCH=cuda")
    assert result.returncode != 0 and "TORCH must be cpu or not be given, got cuda." in result.stderr


def test_a_torch_for_cards_is_not_mixed_with_one_for_the_processor(clone: Path) -> None:
    (clone / ".venv/lib/python3.11/site-packages/nvidia").mkdir(parents=True)
    (clone / ".venv/pip.stamp").touch()
    result = subprocess.run(
        ["make", ".venv/torch-cpu.stamp", "TORCH=cpu"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0 and "Remove .venv, then run make again." in result.stderr


def test_the_channel_is_named_in_the_makefile_alone() -> None:
    named = subprocess.run(
        ["git", "grep", "-l", CHANNEL.rsplit("/", 1)[0]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert set(named.stdout.split()) <= {"Makefile", "tests/environments/test_make.py"}
