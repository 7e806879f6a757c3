"""The architecture is a test: which layer may import what, lazily or not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import (
    HEAVY,
    ROOT,
    imported_by,
    loaded_by,
    loaded_with,
    module_name,
    python_files,
    top_level,
)

FORBIDDEN = {
    "core": {"streamlit", "plotly", "dashboard"},
    "dashboard": HEAVY,
    "dashboard/views": HEAVY | {"numpy"},
}
# The files behind which Dask stands, so that another cluster is their work alone.
NAMES_DASK = {f"core/engine/{name}.py" for name in ("cluster", "hosts", "steady", "tls")}


@pytest.mark.parametrize("folder, forbidden", FORBIDDEN.items())
def test_a_layer_names_nothing_it_may_not_know(folder: str, forbidden: set[str]) -> None:
    files = python_files(folder)
    assert files
    broken = {str(file): sorted(forbidden & top_level(imported_by(file))) for file in files}
    assert not {file: names for file, names in broken.items() if names}


def test_what_stands_before_dask_alone_knows_it() -> None:
    naming = {
        file.relative_to(ROOT).as_posix()
        for folder in ("core", "dashboard")
        for file in python_files(folder)
        if top_level(imported_by(file)) & {"dask", "distributed"}
    }
    assert naming == NAMES_DASK


def test_one_room_keeps_anything_in_a_cache_of_streamlit() -> None:
    keeping = {file for file in python_files("dashboard") if "st.cache_" in file.read_text()}
    assert {file.relative_to(ROOT).parent.as_posix() for file in keeping} == {"dashboard/lookups"}


def test_what_the_dashboard_loads_from_core_loads_nothing_heavy() -> None:
    from_core = {name for file in python_files("dashboard") for name in imported_by(file) if is_core(name)}
    assert from_core
    heavy = {name: sorted(HEAVY & top_level(loaded_with({name}))) for name in from_core}
    assert not {name: names for name, names in heavy.items() if names}


def test_the_web_process_imports_nothing_heavy() -> None:
    # Views and the entry draw when they are imported; what they import is imported here in their place.
    files = python_files("dashboard")
    drawn = {file for file in files if "views" in file.parts or file.name in {"app.py", "__main__.py"}}
    wanted = {module_name(file) for file in files if file not in drawn}
    wanted |= {name for file in files for name in imported_by(file) if is_core(name)}
    wanted -= {module_name(file) for file in drawn}
    probe = (
        "import importlib, sys\n"
        f"for name in {sorted(wanted)!r}: importlib.import_module(name)\n"
        f"print(sorted({set(HEAVY)!r} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[]"


def test_what_is_imported_later_or_for_the_type_checker_is_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(
        "import one\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import two\nelse:\n    import three\n"
        "def draw():\n    from four.inner import five\n"
        "class Kept:\n    import six\n"
    )
    assert top_level(loaded_by(file, tmp_path)) == {"one", "typing", "three", "six"}


def is_core(name: str) -> bool:
    return name.split(".")[0] == "core"
