"""The form of the scripts in findings/, which are not run here, and the code of docs/ELSEWHERE.md, which is."""

from __future__ import annotations

import ast
import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.imports import ROOT, top_level

FOLDER = ROOT / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
LISTED = re.findall(r"^- `([\w.]+)`: (.+)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
ELSEWHERE = (ROOT / "docs" / "ELSEWHERE.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```$", ELSEWHERE, re.MULTILINE | re.DOTALL)
HOSTS = r"://\w|\b[\w-]+\.(?:com|org|io|net)\b(?<!scipy\.io)|--index|--find-links|/(?:home|root|opt|work|usr/local)/"


def imported(code: str) -> set[str]:
    """The top-level packages that the code imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return top_level(found)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_has_the_form_of_a_finding(script: Path) -> None:
    text = script.read_text()
    assert os.access(script, os.X_OK), "chmod +x"
    assert text.startswith("#!/usr/bin/env bash\n# ") and "\nset -euo pipefail\n" in text
    assert "folder=$(mktemp -d)\n" in text and """trap 'rm -rf "$folder"' EXIT\n""" in text
    assert 'python3 -m venv "$folder/venv"\n' in text
    packages = [name for line in re.findall(r"pip\"? install (.+)$", text, re.MULTILINE) for name in line.split()]
    assert len(packages) > 1 and all(re.fullmatch(r"--quiet|[\w.-]+==[\d.]+", name) for name in packages), packages
    assert re.search(r"^# Way out: .+$", text, re.MULTILINE)
    assert re.search(r"^# Seen with Python [\d.]+ on .+:\n(?:#   .*\d.*\n)(?:#   .+\n)+set ", text, re.MULTILINE)
    assert not re.search(HOSTS, text), re.search(HOSTS, text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_runs_without_the_product_and_can_fail(script: Path) -> None:
    codes = re.findall(r"<<'PYTHON'\n(.*?)^PYTHON$", script.read_text(), re.MULTILINE | re.DOTALL)
    assert codes
    for code in codes:
        assert not {"core", "dashboard", "tests"} & imported(code)
        sentences = re.findall(r"sys\.exit\(f?\"(.+)\"\)", code)
        assert sentences and all(re.search(r"^\w.+ .+\.$", sentence) for sentence in sentences), sentences


def test_every_finding_is_listed_in_one_line() -> None:
    assert len(SCRIPTS) >= 8
    assert [name for name, _ in LISTED] == [script.name for script in SCRIPTS]
    assert all(said.endswith(".") for _, said in LISTED)


def test_findings_are_outside_of_every_check() -> None:
    commands = [ROOT / "Makefile", ROOT / "pyproject.toml", *(ROOT / ".ci").iterdir()]
    assert not [str(path) for path in commands if "findings/" in path.read_text()]


def test_elsewhere_names_every_finding_and_no_other() -> None:
    assert set(re.findall(r"`(\w+\.sh)`", ELSEWHERE)) == {script.name for script in SCRIPTS}


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_code_of_elsewhere_runs_where_its_libraries_are(number: int) -> None:
    code = BLOCKS[number]
    missing = sorted(name for name in imported(code) if find_spec(name) is None)
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    exec(compile(code, "docs/ELSEWHERE.md", "exec"), {})
