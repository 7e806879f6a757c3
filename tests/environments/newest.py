"""Try every check with the newest that the ranges allow: which package moved against the lock, and what broke.

`make newest` runs it. The environment is its own, .venv-newest, and so are the kernels that it compiles.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.environments.locked import locked
from tests.imports import ROOT

HOME = ROOT / ".venv-newest"
# That the lock is installed is the one claim that cannot hold here.
OF_THE_LOCK = (
    "tests/test_requirements.py::test_what_is_installed_is_what_is_pinned",
    "tests/test_requirements.py::test_nothing_is_pinned_that_nobody_needs",
)
CHECKS = {
    "ruff check": ("ruff", "check"),
    "ruff format": ("ruff", "format", "--check"),
    "pyrefly": ("pyrefly", "check"),
    "kernels": ("core.jobs.warm_up",),
    "pytest": ("pytest", "--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder", "-rfE")
    + tuple(f"--deselect={test}" for test in OF_THE_LOCK),
}
NEWEST = ("--upgrade", "--upgrade-strategy", "eager")
SHOWN = 20  # of a broken check's last lines


@dataclass(frozen=True)
class Broken:
    """A check that failed, with the lines that say why."""

    check: str
    lines: Sequence[str]


def main() -> int:
    python = _installed()
    here = _versions(python)
    report = [*moves(locked(), here), ""]
    print("\n".join(report), flush=True)
    broken = [found for check, command in CHECKS.items() if (found := _try(python, check, command))]
    print("\n".join([*report, *verdict(broken)]))
    return 1 if broken else 0


def moves(pinned: Mapping[str, Version], here: Mapping[str, Version]) -> list[str]:
    """One line for each package whose version differs, that came, or that nobody needs any more."""
    lines = [f"  {name} {pinned[name]} -> {here[name]}" for name in sorted(pinned.keys() & here.keys())
             if pinned[name] != Version(here[name].public)]  # fmt: skip
    lines += [f"  {name} {here[name]} is new" for name in sorted(here.keys() - pinned.keys())]
    lines += [f"  {name} {pinned[name]} is gone" for name in sorted(pinned.keys() - here.keys())]
    return [f"{len(lines)} of {len(pinned)} packages differ from constraints.txt", *lines]


def verdict(broken: Sequence[Broken]) -> list[str]:
    if not broken:
        return [f"Nothing broke: {', '.join(CHECKS)} hold. make lock takes these versions over."]
    return [line for found in broken for line in (f"{found.check} broke:", *(f"  {line}" for line in found.lines))]


def reasons(output: str) -> list[str]:
    """The failed tests where pytest names them, else the last lines."""
    lines = output.splitlines()
    failed = [line for line in lines if re.match(r"(FAILED|ERROR) tests/", line)]
    return failed or lines[-SHOWN:]


def _installed() -> str:
    """The interpreter of an environment that was made anew from the ranges alone."""
    shutil.rmtree(HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
    python = str(HOME / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
    install = [python, "-m", "core.system.installation", *NEWEST, "-r", "tests/requirements.txt"]
    subprocess.run(install, cwd=ROOT, check=True)
    return python


def _versions(python: str) -> dict[str, Version]:
    command = [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"]
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {canonicalize_name(package["name"]): Version(package["version"]) for package in listed}


def _try(python: str, check: str, command: Sequence[str]) -> Broken | None:
    """Run it and pass on what it says while it runs."""
    print(f"{check}:", flush=True)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(HOME / "kernels"), "OMP_WAIT_POLICY": "PASSIVE"}
    lines = []
    with subprocess.Popen(
        [python, "-m", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return Broken(check, reasons("".join(lines))) if process.returncode else None


if __name__ == "__main__":
    sys.exit(main())
