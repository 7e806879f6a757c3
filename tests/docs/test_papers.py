"""The papers are code: their paths, links, commands, settings and lengths are those of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT, python_files

PAPERS = {path.name: path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
TEXT = "\n".join(PAPERS.values())
BLOCKS = "\n".join(re.findall(r"^```\w*\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
CODE = "\n".join([BLOCKS, *re.findall(r"`([^`\n]+)`", TEXT)])
MAKE_TARGETS = sorted(set(re.findall(r"^(?:\w+=\S+ )?make ([a-z]+)", CODE, re.MULTILINE)))
VERBS = sorted(set(re.findall(r"python -m core ([a-z]+)", CODE)))
MODULES = sorted(set(re.findall(r"-m ((?:core|docs|dashboard)\.[\w.]+)", CODE)))
MADE = {"__pycache__", "build", "dist", "test-results", "look"}
MOST_WORDS = 900
SETTING = re.compile(r"METRIC_LAB_[A-Z_]+")


def words_shown(text: str) -> int:
    """The words of a page as it is read, tables and code with them; not the addresses of links and pictures."""
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return len(re.findall(r"\w[^\s|]*", shown))


def folders(under: Path) -> set[str]:
    return {
        folder.name
        for folder in under.iterdir()
        if folder.is_dir() and folder.name not in MADE and not folder.name.startswith(".") and any(folder.iterdir())
    }


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def test_the_readme_is_short() -> None:
    assert words_shown("Two [words](a/b) | `and` |\n|---|\n") == 3
    assert words_shown(PAPERS["README.md"]) <= MOST_WORDS


def test_the_commands_are_found() -> None:
    assert {"run", "test", "format"} <= set(MAKE_TARGETS) and {"train", "statistics", "verify"} <= set(VERBS)
    assert len(MODULES) >= 4


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_takes_its_options(verb: str) -> None:
    command = [sys.executable, "-m", "core", verb, "--help"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    lines = [line for line in CODE.splitlines() if f"-m core {verb}" in line]
    assert all(option in result.stdout for line in lines for option in re.findall(r"--[a-z-]+", line))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_that_is_to_be_run_exists(module: str) -> None:
    path = ROOT.joinpath(*module.split("."))
    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


@pytest.mark.parametrize("name", PAPERS)
def test_every_path_and_link_leads_somewhere(name: str) -> None:
    text, folder = PAPERS[name], (ROOT if name == "README.md" else ROOT / "docs")
    named = set(re.findall(r"`((?:core|dashboard|docs|assets|tests|findings)/[\w./-]*)`", text))
    assert {path for path in named if not (ROOT / path).exists()} == set()
    for address in re.findall(r"\]\(([^)]+)\)", text):
        path, _, section = address.partition("#")
        assert (folder / path).exists(), address
        headings = re.findall(r"^#+ (.+)$", PAPERS.get(Path(path).name, ""), re.MULTILINE)
        assert not section or section in map(anchor, headings), address


def test_every_setting_of_the_code_stands_in_its_table_and_no_other() -> None:
    files = [*python_files("core"), *python_files("dashboard"), ROOT / "Makefile"]
    used = {name for file in files for name in SETTING.findall(file.read_text())}
    assert set(re.findall(r"^\| `(METRIC_LAB_[A-Z_]+)` \|", PAPERS["RUNNING.md"], re.MULTILINE)) == used
    assert set(SETTING.findall(TEXT)) == used


def test_the_map_shows_the_folders_of_the_tree() -> None:
    drawn: dict[str, set[str]] = {}
    map_ = PAPERS["ARCHITECTURE.md"].split("## Folders")[1].split("```")[1]
    for indent, name, _ in re.findall(r"^( *)([\w-]+)/ +(\S.*)$", map_, re.MULTILINE):
        if indent:
            drawn[list(drawn)[-1]].add(name)
        else:
            drawn[name] = set()
    assert set(drawn) == folders(ROOT)
    assert drawn["tests"] == folders(ROOT / "tests") and drawn["docs"] == folders(ROOT / "docs")


def test_every_paper_is_named_by_the_readme() -> None:
    assert [name for name in PAPERS if name != "README.md" and f"(docs/{name})" not in PAPERS["README.md"]] == []


def test_the_chinese_readme_follows_the_english_one() -> None:
    """Headings, tables, lists and commands in the same order, and all figures, links and names of its text."""
    english, chinese = PAPERS["README.md"], PAPERS["README.zh.md"]
    assert shape(chinese) == shape(english) and "## " in shape(english)
    assert FENCED.findall(chinese) == FENCED.findall(english)
    assert linked(chinese, ROOT / "docs") == linked(english, ROOT)
    for what in (r"`([^`\n]+)`", r"\d+(?:[.,]\d+)+"):
        assert set(re.findall(what, FENCED.sub("", english))) <= set(re.findall(what, FENCED.sub("", chinese)))


FENCED = re.compile(r"^```\w*\n.*?^```$", re.MULTILINE | re.DOTALL)


def shape(text: str) -> list[str]:
    """How each line of a paper begins that is no running text."""
    return re.findall(r"^(#+ |\||- |```\w*$|!)", text, re.MULTILINE)


def linked(text: str, folder: Path) -> set[tuple[Path, str]]:
    """Files and their sections that a paper leads to, but for the same paper in the other language."""
    addresses = (address.partition("#") for address in re.findall(r"\]\(([^)]+)\)", text))
    found = {((folder / path).resolve(), section) for path, _, section in addresses}
    return {(path, section) for path, section in found if not path.name.startswith("README")}
