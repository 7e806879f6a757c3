from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.makers.imports import imported_by, module_name, modules_named, python_files

MADE = {
    "core/__init__.py": "",
    "core/losses/__init__.py": "from . import triplet\nfrom ..batch import mined",
    "core/losses/triplet.py": "from .base import Loss\nfrom ..batch.mined import Pairs\nfrom . import base",
    "core/losses/base.py": "from core import batch, version\nimport numpy as np, core.batch.mined",
    "core/batch/mined.py": "",
    "core/notes.txt": "import nothing",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in MADE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "core" / "batch" / "__init__.py").touch()
    return tmp_path


def test_the_python_files_below_a_folder_are_listed_in_order(tree: Path) -> None:
    names = [file.relative_to(tree).as_posix() for file in python_files("core", tree)]
    assert names == sorted({*MADE, "core/batch/__init__.py"} - {"core/notes.txt"})
    assert [file.name for file in python_files("core/batch", tree)] == ["__init__.py", "mined.py"]


def test_a_file_has_the_name_by_which_it_is_imported(tree: Path) -> None:
    assert module_name(tree / "core" / "losses" / "triplet.py", tree) == "core.losses.triplet"
    assert module_name(tree / "core" / "losses" / "__init__.py", tree) == "core.losses"


def test_relative_imports_are_resolved(tree: Path) -> None:
    losses = tree / "core" / "losses"
    assert imported_by(losses / "__init__.py", tree) == {
        "core.losses",
        "core.losses.triplet",
        "core.batch",
        "core.batch.mined",
    }
    assert imported_by(losses / "triplet.py", tree) == {"core.losses", "core.losses.base", "core.batch.mined"}


def test_only_a_module_is_named_by_what_is_imported_from_a_package(tree: Path) -> None:
    found = imported_by(tree / "core" / "losses" / "base.py", tree)
    assert found == {"core", "core.batch", "numpy", "core.batch.mined"}, "core.version is no module"


def test_imports_are_read_where_they_hide(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(
        "import one\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import two\nelse:\n    import three\n"
        "def draw():\n    from four.inner import five\n"
        "class Kept:\n    import six\n"
    )
    assert imported_by(file, tmp_path) == {"one", "typing", "two", "three", "four.inner", "six"}


def test_of_some_nodes_only_their_imports_are_named(tmp_path: Path) -> None:
    first, second = ast.parse("import one\nimport two").body
    assert list(modules_named([second], tmp_path / "page.py", tmp_path)) == ["two"]
    assert list(modules_named([first, second], tmp_path / "page.py", tmp_path)) == ["one", "two"]
