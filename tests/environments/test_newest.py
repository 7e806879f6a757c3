"""What `make newest` tells: which package moved, and what broke."""

from __future__ import annotations

import sys

import pytest
from packaging.version import Version

from tests.environments import newest
from tests.environments.newest import CHECKS, OF_THE_LOCK, Broken, moves, reasons, verdict
from tests.imports import ROOT


def versions(**named: str) -> dict[str, Version]:
    return {name: Version(version) for name, version in named.items()}


def test_every_package_that_differs_is_named() -> None:
    pinned = versions(numpy="2.4.6", torch="2.15.0", zipp="4.1.2", ruff="0.17.6")
    here = versions(numpy="2.5.0", torch="2.15.0+cpu", rich="15.0", ruff="0.17.6")
    assert moves(pinned, here) == [
        "3 of 4 packages differ from constraints.txt",
        "  numpy 2.4.6 -> 2.5.0",
        "  rich 15.0 is new",
        "  zipp 4.1.2 is gone",
    ]


def test_a_broken_check_is_told_with_its_reason() -> None:
    output = "FAILED tests/test_a.py::test_b - assert 1 == 2\nERROR tests/test_c.py\n1 failed\n"
    broken = Broken("pytest", reasons(output))
    assert verdict([broken]) == [
        "pytest broke:",
        "  FAILED tests/test_a.py::test_b - assert 1 == 2",
        "  ERROR tests/test_c.py",
    ]
    assert reasons("\n".join(map(str, range(50))))[0] == "30", "the last lines of any other check"
    assert "Nothing broke" in verdict([])[0]


def test_a_check_that_fails_is_found_and_one_that_holds_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    assert newest._try(sys.executable, "kernels", ("platform",)) is None
    broken = newest._try(sys.executable, "pyrefly", ("no_such_module",))
    assert broken and "No module named no_such_module" in broken.lines[-1]
    assert "pyrefly:" in capfd.readouterr().out, "what runs is said before it runs"


def test_every_check_of_make_test_is_tried() -> None:
    commands = {" ".join(command[:2]).removesuffix(" --check") for command in CHECKS.values()}
    makefile = (ROOT / "Makefile").read_text()
    lint = makefile.split("\nlint:")[1].split("\n\n")[0]
    wanted = {" ".join(line.split("IN_VENV) ")[1].split()[:2]) for line in lint.splitlines() if "IN_VENV" in line}
    assert wanted < commands and {"core.jobs.warm_up", "pytest --numprocesses=2"} < commands
    for test in OF_THE_LOCK:
        file, name = test.split("::")
        assert f"def {name}(" in (ROOT / file).read_text()
