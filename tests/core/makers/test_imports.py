"""What files import, read without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.makers.imports import imported_by, module_name, python_files


def written(root: Path, name: str, text: str = "") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package with a module and a folder, beside notes."""
    for name in ("core/__init__.py", "core/roc.py", "core/runs/__init__.py", "core/runs/store.py", "core/notes.txt"):
        written(tmp_path, name)
    return tmp_path


def test_files_come_in_order_from_all_folders(root: Path) -> None:
    names = [file.relative_to(root).as_posix() for file in python_files("core", root)]
    assert names == ["core/__init__.py", "core/roc.py", "core/runs/__init__.py", "core/runs/store.py"]
    assert python_files("core/runs", root) == [root / "core/runs/__init__.py", root / "core/runs/store.py"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("core/roc.py", "core.roc"), ("core/runs/__init__.py", "core.runs"), ("core/__init__.py", "core")],
)
def test_a_file_is_imported_by_its_path(file: str, name: str, root: Path) -> None:
    assert module_name(root / file, root) == name


@pytest.mark.parametrize(
    ("file", "line", "modules"),
    [
        ("core/new.py", "import numpy as np, os.path", {"numpy", "os.path"}),
        ("core/new.py", "from core import runs, missing", {"core", "core.runs"}),
        ("core/new.py", "from core.runs.store import Store", {"core.runs.store"}),
        ("core/new.py", "from . import roc", {"core", "core.roc"}),
        ("core/new.py", "from .runs import store", {"core.runs", "core.runs.store"}),
        ("core/runs/new.py", "from ..roc import auc", {"core.roc"}),
        ("core/runs/__init__.py", "from .store import Store", {"core.runs.store"}),
        ("core/new.py", "def late():\n    import torch", {"torch"}),
        ("core/new.py", "if TYPE_CHECKING:\n    from torch import Tensor", {"torch"}),
        ("core/new.py", "text = 'import torch'", set()),
    ],
)
def test_every_import_names_its_modules_wherever_it_stands(file: str, line: str, modules: set[str], root: Path) -> None:
    assert imported_by(written(root, file, line), root) == modules
