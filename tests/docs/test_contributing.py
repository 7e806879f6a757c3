"""CONTRIBUTING.md is code: its files are written and its commands run, as they stand, in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.makers.catalogue import TABLES
from tests.imports import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
STAMPS = ("pip", "torch-cpu", "runtime", "kernels", "tests")  # each older than the next
LIMIT = 60  # seconds, of one command on an idle core
WIDGETS = """
from streamlit.testing.v1 import AppTest

from dashboard.runs import submit

submit.wake_engine = lambda after=0.0: None
page = AppTest.from_file("dashboard/views/train.py", default_timeout=60).run()
assert not page.exception, page.exception
menu = page.selectbox(key="train.loss")
assert "binomial deviance" in [option.split(": ")[-1] for option in menu.options], menu.options
menu.set_value("binomial-deviance").run()
assert not page.exception, page.exception
assert page.number_input(key="behind.train.loss.binomial-deviance.alpha").value == 2.0
"""


class Block(NamedTuple):
    language: str
    file: str
    text: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, each with the file that it names."""
    found = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(*parts) for parts in found]


SECTIONS = {section.partition("\n")[0]: blocks(section) for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}
STEPS = {title: found for title, found in SECTIONS.items() if found}
WRITTEN = {block.file for found in STEPS.values() for block in found if block.language == "python"}


def with_diff(text: str, diff: str) -> str:
    """The text with the new lines of a diff, whose other lines it must hold once, one below the other."""
    lines = diff.splitlines()
    before = "\n".join(line[1:] for line in lines if line[0] != "+")
    after = "\n".join(line[1:] for line in lines if line[0] != "-")
    places = re.findall(f"^(?={re.escape(before)}$)", text, re.MULTILINE)
    assert len(places) == 1, f"must be there once: {before!r}"
    return f"\n{text}".replace(f"\n{before}\n", f"\n{after}\n")[1:]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The repository, with what numba compiled, and an environment in which everything counts as installed."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("core", "dashboard", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("results", "stores"))
    shutil.copytree(ROOT / "assets", folder / "assets", ignore=shutil.ignore_patterns("recorded"))
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "constraints.txt", "README.md", "CONTRIBUTING.md"):
        shutil.copy2(ROOT / name, folder)
    (folder / ".venv").mkdir()
    for entry in (ROOT / ".venv").iterdir():
        if entry.suffix != ".stamp":
            (folder / ".venv" / entry.name).symlink_to(entry.resolve())
    for file in folder.rglob("*.txt"):
        os.utime(file, (0, 0))
    for second, name in enumerate(STAMPS, start=1):
        stamp = folder / ".venv" / f"{name}.stamp"
        stamp.touch()
        os.utime(stamp, (second, second))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("title", STEPS)
def test_the_steps_lead_to_a_check_that_is_green(title: str, copy: Path) -> None:
    for block in STEPS[title]:
        if block.language == "python":
            file = copy / block.file
            assert not file.exists(), f"{block.file} is there already"
            file.write_text(block.text)
        elif block.language == "diff":
            file = copy / block.file
            file.write_text(with_diff(file.read_text(), block.text))
        else:
            assert block.language == "sh"
            run(block.text, copy)
    assert STEPS[title][-1].language == "sh"


def run(command: str, copy: Path) -> None:
    environment = os.environ | {"METRIC_LAB_STORE": str(copy / "store")}
    environment = {name: value for name, value in environment.items() if not name.startswith(("PYTEST", "MAKE"))}
    before = os.times()
    result = subprocess.run(
        command, shell=True, cwd=copy, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    spent = os.times().children_user - before.children_user
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout and "install" not in result.stdout, result.stdout
    assert spent < LIMIT, f"{command} took {spent:.0f} s of one core"


def test_a_new_loss_stands_in_the_papers_and_on_the_command_line(copy: Path) -> None:
    assert (copy / "docs" / "RESULTS.md").read_text().count("| binomial-deviance | not yet measured |") == 2
    methods = (copy / "docs" / "METHODS.md").read_text()
    for name in ("binomial-deviance", "easy-positive", "canberra", "stripes", "matthews"):
        assert f"\n| {name} | " in methods
    words = [str(copy / ".venv" / "bin" / "python"), "-m", "core", "train", "--list"]
    listed = subprocess.run(words, cwd=copy, capture_output=True, text=True, timeout=300, check=True).stdout
    assert "--loss-alpha (2.0): how steep the curve is; a number from 0.1 to 100" in listed


def test_a_new_loss_is_in_the_menu_with_its_widgets(copy: Path) -> None:
    command = [str(copy / ".venv" / "bin" / "python"), "-c", WIDGETS]
    environment = os.environ | {"METRIC_LAB_STORE": str(copy / "store"), "PYTHONPATH": str(copy)}
    result = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stderr


def test_one_of_everything_is_shown_in_three_places() -> None:
    assert len(STEPS) == 6
    for title, found in STEPS.items():
        files = {block.file for block in found if block.language != "sh"}
        touched = {re.sub(r"words/\w+/", "words/", file) for file in files}  # the same words in every language
        assert len(touched) == 3 and [block.language for block in found].count("sh") == 1, title


def test_every_family_has_its_row() -> None:
    folders = {Path(kind.__module__.replace(".", "/")).parent for kinds in TABLES.values() for kind in kinds.values()}
    named = set(re.findall(r"^\| [\w ]+ \| `([\w/]+)/` \| `\1/__init__.py` \| `tests/\1/` \|$", PAGE, re.MULTILINE))
    assert {folder.as_posix() for folder in folders} - named == {"core/experiment"}  # splits and the schedule
    assert all((ROOT / folder).is_dir() for folder in named)


def test_every_other_path_and_link_leads_somewhere() -> None:
    named = set(re.findall(r"`((?:core|dashboard|docs|tests)/[\w./]*)`", PAGE)) - WRITTEN
    named |= set(re.findall(r"\]\(([^)]+)\)", PAGE))
    assert len(named) > 10 and {path for path in named if not (ROOT / path).exists()} == set()


def test_a_diff_that_fits_nowhere_or_twice_is_noticed() -> None:
    assert with_diff("a\nb\n", " a\n+c\n") == "a\nc\nb\n" and with_diff("a\nb\n", "-b\n+c\n") == "a\nc\n"
    for text in ("b\n", "a\na\n"):
        with pytest.raises(AssertionError, match="must be there once"):
            with_diff(text, " a\n+c\n")
