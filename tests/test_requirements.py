"""requirements.txt names what the code imports, and nothing that nobody needs."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement
from packaging.version import Version

from tests.imports import ROOT, imported_by, python_files, top_level

# Needed though no file of core or dashboard imports them.
FOR_OTHERS = {
    "cryptography": "Dask's certificates between engine and workers",
}


def required(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]


def test_every_import_is_required_and_every_requirement_is_imported() -> None:
    homes = packages_distributions()
    files = python_files("core") + python_files("dashboard")
    modules = {name for file in files for name in top_level(imported_by(file))}
    modules -= {"core", "dashboard"} | set(sys.stdlib_module_names)
    imported = {re.sub(r"[-_.]+", "-", home).lower() for name in modules for home in homes[name][:1]}
    named = {requirement.name for requirement in required("requirements.txt")}
    # distributed installs dask in its own version.
    assert imported - {"dask"} == named - set(FOR_OTHERS)
    assert set(FOR_OTHERS) <= named


def test_every_requirement_has_a_tested_floor_and_stops_before_the_next_major_version() -> None:
    for requirement in required("requirements.txt") + required("tests/requirements.txt"):
        bounds = {clause.operator: Version(clause.version) for clause in requirement.specifier}
        assert set(bounds) == {">=", "<"}, requirement
        assert bounds["<"] == Version(str(bounds[">="].major + 1)), requirement
