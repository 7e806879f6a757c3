"""What importing a Python file loads, read without running it; for the tests that hold the layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

from core.makers.imports import imported_by, module_name, modules_named, python_files
from core.system.locations import ROOT

__all__ = [
    "HEAVY",
    "ROOT",
    "imported_by",
    "loaded_by",
    "loaded_with",
    "module_name",
    "parsed",
    "python_files",
    "top_level",
]

# What a web process must never load: seconds and hundreds of megabytes, or threads that can abort it (UMAP).
HEAVY = frozenset({"torch", "torchvision", "umap", "numba", "faiss", "sklearn"})


def parsed(file: Path) -> ast.Module:
    """The syntax tree of a file, made once for all tests."""
    return _parsed(file.read_text(encoding="utf-8"))


def loaded_by(file: Path, root: Path = ROOT) -> frozenset[str]:
    """The modules that importing the file loads: not those inside functions or for the type checker."""
    return _loaded_by(file.read_text(encoding="utf-8"), file, root)


def top_level(modules: Set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def ours(name: str) -> list[Path]:
    """The files that importing the module runs: its own and those of its packages; none if it is not ours."""
    files = []
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:length])
        files += [file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()]
    return files


def loaded_with(modules: Set[str]) -> set[str]:
    """The modules and, through our own files, everything that loading them loads."""
    waiting, seen = list(modules), set(modules)
    while waiting:
        for file in ours(waiting.pop()):
            found = loaded_by(file) - seen
            seen |= found
            waiting += found
    return seen


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (inner for branch in child.orelse for inner in (branch, *_run_at_import(branch)))
            continue
        yield child
        yield from _run_at_import(child)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _loaded_by(text: str, file: Path, root: Path) -> frozenset[str]:
    return frozenset(modules_named(_run_at_import(_parsed(text)), file, root))
