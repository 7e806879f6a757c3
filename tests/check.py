"""Checks what belongs to one member of a family or to one page, and nothing else: `make check NAME`.

It writes the generated papers again; then come the style of its files, its types, the test of its name, and the common
tests of its family.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from core.losses import LOSSES
from core.makers.catalogue import TABLES
from core.params import Declared
from tests.imports import ROOT


class Part(NamedTuple):
    """What is checked: its own file, its test, and the tests that it shares with the rest of its family."""

    file: Path
    test: Path
    shared: list[Path]


def parts_named(name: str) -> list[Part]:
    """The members of that name, of whatever family, and the page; a file that no table names yet is nobody's."""
    members = [kinds[name] for kinds in TABLES.values() if name in kinds]
    page = ROOT / "dashboard" / "views" / f"{name.replace('-', '_')}.py"
    return [*map(_member, members), *([_page(page)] if page.is_file() else [])]


def _member(kind: type[Declared]) -> Part:
    file = ROOT.joinpath(*kind.__module__.split(".")).with_suffix(".py")
    folder = ROOT / "tests" / file.parent.relative_to(ROOT)
    shared = [*folder.glob("test_every_*.py"), ROOT / "tests" / "test_tables.py"]
    return Part(file, folder / f"test_{file.stem}.py", shared)


def _page(file: Path) -> Part:
    tests = ROOT / "tests" / "dashboard"
    return Part(file, tests / "views" / f"test_{file.stem}.py", [tests / "test_wording.py"])


def write_papers(name: str) -> None:
    """The tables that a new member is in."""
    _run("core.makers.catalogue", "docs/METHODS.md")
    _run("core.makers.standings", "--table", "docs/RESULTS.md")
    _run("core.makers.architecture", "docs/ARCHITECTURE.md")
    if name in LOSSES:
        _run("core.makers.loss_curves", "assets/curves.json", name)


def check(part: Part) -> None:
    """Stop at the first command that fails."""
    if not part.test.is_file():
        raise SystemExit(f"{_short(part.file)} must have a test of its name, got none. Write {_short(part.test)}.")
    files = [_short(file) for file in (part.file, part.file.parent / "__init__.py", part.test) if file.is_file()]
    typed = [file for file in files if not file.startswith("tests")]
    _run("ruff", "check", *files)
    _run("ruff", "format", "--check", *files)
    _run("pyrefly", "check", "--summary=none", "--min-severity=error", *typed)
    _run("pytest", "-q", "-p", "no:cacheprovider", *map(_short, (part.test, *part.shared)))


def _run(*words: str) -> None:
    print("$", *words, flush=True)
    if status := subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode:
        raise SystemExit(status)


def _short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def main(names: list[str]) -> None:
    if len(names) != 1 or not re.fullmatch(r"[a-z0-9-]+", names[0]):
        raise SystemExit(f"make check must be given one name, got {' '.join(names) or 'none'}. Try make check triplet.")
    parts = parts_named(names[0])
    if not parts:
        raise SystemExit(
            f"{names[0]} must be in a table of core or be a page in dashboard/views, got neither. Name it in the "
            "__init__.py of its family."
        )
    write_papers(names[0])
    for part in parts:
        check(part)


if __name__ == "__main__":
    main(sys.argv[1:])
