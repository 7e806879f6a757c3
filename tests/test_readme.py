"""The README is code: its tables, its map and its commands are those of the repository."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.experiment.experiment import FAMILIES
from core.losses import LOSSES
from core.makers.catalogue import BEGIN, END, catalogue, with_catalogue
from core.makers.standings import FILE, with_standings
from core.params import params_of
from tests.imports import ROOT

README = (ROOT / "README.md").read_text()
MAP = README.split("## Map of the code")[1].split("```")[1]
BLOCKS = "\n".join(README.split("```")[1::2])
CODE = "\n".join([BLOCKS, *re.findall(r"`([^`\n]+)`", README)])
MAKE_TARGETS = sorted(set(re.findall(r"^(?:\w+=\S+ )?make ([a-z]+)", CODE, re.MULTILINE)))
VERBS = sorted(set(re.findall(r"python -m core ([a-z]+)", CODE)))
MADE = {"__pycache__", "build", "dist", "test-results"}


def folders(under: Path) -> set[str]:
    return {
        folder.name
        for folder in under.iterdir()
        if folder.is_dir() and folder.name not in MADE and not folder.name.startswith(".") and any(folder.iterdir())
    }


def test_the_tables_are_those_of_the_code() -> None:
    assert with_catalogue(README) == README, "python -m core.makers.catalogue README.md writes them again"


def test_the_catalogue_names_every_member_and_parameter() -> None:
    for family, kinds in FAMILIES.items():
        written = catalogue().split(f"| `{family}` |")[1].split("\n\n")[0]  # two families may share a name
        for name, kind in kinds.items():
            row = next(line for line in written.splitlines() if line.startswith(f"| {name} |"))
            assert all(f"`{declared.name}`" in row for declared in params_of(kind))


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{END}"])
def test_a_text_without_its_markers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must hold"):
        with_catalogue(text)


def test_the_map_shows_the_folders_of_the_tree() -> None:
    drawn: dict[str, set[str]] = {}
    for indent, name, _ in re.findall(r"^( *)([\w-]+)/ +(\S.*)$", MAP, re.MULTILINE):
        if indent:
            drawn[list(drawn)[-1]].add(name)
        else:
            drawn[name] = set()
    assert set(drawn) == folders(ROOT)
    assert {name: inner for name, inner in drawn.items() if inner} == {
        name: folders(ROOT / name) for name in ("core", "dashboard", "tests")
    }


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_of_the_readme_takes_its_options(verb: str) -> None:
    command = [sys.executable, "-m", "core", verb, "--help"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    lines = [line for line in BLOCKS.splitlines() if f"-m core {verb}" in line]
    assert all(option in result.stdout for line in lines for option in re.findall(r"--[a-z-]+", line))


def test_every_path_of_the_readme_exists() -> None:
    named = set(re.findall(r"`([\w./-]+(?:/|\.py|\.txt))`", README)) | set(
        re.findall(r"\b[\w/]+\.(?:txt|py)\b", BLOCKS)
    )
    invented = {
        "core/losses/circle.py",
        "tests/core/losses/test_circle.py",
    }  # the loss that a reader is to write
    assert named > invented
    assert {path for path in named - invented if not (ROOT / path).exists()} == set()


def test_the_commands_are_found() -> None:
    assert {"run", "test"} <= set(MAKE_TARGETS) and {"train", "statistics"} <= set(VERBS)


def test_the_table_of_losses_is_that_of_the_file_and_names_every_loss() -> None:
    standings = json.loads(FILE.read_text())
    assert with_standings(README, standings) == README, "core.makers.standings --table README.md writes it again"
    for dataset in ("digits", "fashion-mnist"):
        rows = {row["loss"]: row for row in standings if row["dataset"] == dataset}
        assert set(rows) == set(LOSSES)
        for row in rows.values():
            assert row["map_at_r"] > row["baselines"]["raw pixels"]["map_at_r"] + 0.1, f"{dataset}: {row['loss']}"
