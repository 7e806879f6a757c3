"""requirements.txt names what the code imports, and nothing that nobody needs; constraints.txt pins all that comes."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from core.handover.optional_packages import EXPORT, MLFLOW, OPTUNA, TRACKING
from tests.environments.lock import HEADER, LOCK, PYTHONS
from tests.environments.locked import MACHINES, everything_required, installed, locked, pins, required
from tests.imports import ROOT, imported_by, python_files, top_level

# Needed though no file of core or dashboard imports them.
FOR_OTHERS = {
    "httptools": "the requests to uvicorn, Streamlit's server, read in C",
    "uvloop": "the loop that uvicorn runs in, in C",
}


def test_every_import_is_required_and_every_requirement_is_imported() -> None:
    homes = packages_distributions()
    files = python_files("core") + python_files("dashboard")
    modules = {name for file in files for name in top_level(imported_by(file))}
    modules -= {"core", "dashboard"} | set(sys.stdlib_module_names)
    imported = {re.sub(r"[-_.]+", "-", home).lower() for name in modules for home in homes[name][:1]}
    named = {requirement.name for requirement in required("requirements.txt")}
    # distributed installs dask in its own version; torch.onnx alone imports onnx and onnxscript.
    assert imported - {"dask"} | set(EXPORT) == (named - set(FOR_OTHERS)) | set(EXPORT)
    assert not named & set(EXPORT)
    assert set(FOR_OTHERS) <= named


def test_the_extras_are_what_their_sentence_installs_and_what_is_tested() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    tested = {str(requirement) for requirement in required("tests/requirements.txt")}
    for name, packages in (("export", EXPORT), ("tracking", TRACKING)):
        assert tuple(Requirement(line).name for line in extras[name]) == packages
        assert {str(Requirement(line)) for line in extras[name]} <= tested
    alone = {"mlflow": [MLFLOW], "tuning": [OPTUNA]}
    assert {name: extras[name] for name in alone} == alone, "installed and tested in environments of their own"
    assert not set(alone["mlflow"] + alone["tuning"]) & tested


def test_every_requirement_has_a_tested_floor_and_stops_before_the_next_major_version() -> None:
    for requirement in everything_required():
        bounds = {clause.operator: Version(clause.version) for clause in requirement.specifier}
        assert set(bounds) == {">=", "<"}, requirement
        assert bounds["<"] == Version(str(bounds[">="].major + 1)), requirement


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_is_pinned_once_within_its_range(python: str, machine: str) -> None:
    pinned = pins(f"{python}.0", machine)
    assert len(pinned) == len(dict(pinned)), "one version of each package"
    for requirement in everything_required():
        assert dict(pinned)[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_what_is_installed_is_what_is_pinned() -> None:
    here, pinned = installed(), locked()
    assert len(here) > 80
    # A torch for the processor alone, 2.15.0+cpu, is the pinned 2.15.0.
    different = {name: version for name, version in here.items() if Version(version.public) != pinned.get(name)}
    assert not different, "pip install -c constraints.txt -r tests/requirements.txt"


def test_nothing_is_pinned_that_nobody_needs() -> None:
    extra = set(locked()) - set(installed()) - {"pip"}
    assert not [name for name in extra if not name.startswith(("nvidia-", "cuda-", "triton"))]  # for a card


def test_the_lock_names_pip_and_no_address_and_no_hash() -> None:
    text = LOCK.read_text()
    assert text.startswith(HEADER)
    pinned = text.removeprefix(HEADER).splitlines()
    assert all(re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+( ; [^#@]+)?", line) for line in pinned)
    assert "pip" in locked()


def test_a_torch_for_the_processor_fits_the_lock() -> None:
    for name in ("torch", "torchvision"):
        assert f"{locked()[name]}+cpu" in SpecifierSet(f"=={locked()[name]}")
