"""Reads what a Python file imports without running it; for the tests that hold the layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a web process must never load: seconds and hundreds of megabytes, or threads that can abort it (UMAP).
HEAVY = frozenset({"torch", "torchvision", "umap", "numba", "faiss", "sklearn"})


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(file: Path) -> set[str]:
    """Every module named by an import anywhere in the file: lazy ones and those for the type checker too."""
    return set(_modules(ast.walk(ast.parse(file.read_text())), file))


def loaded_by(file: Path) -> set[str]:
    """The modules that importing the file loads: not those inside functions or for the type checker."""
    return set(_modules(_run_at_import(ast.parse(file.read_text())), file))


def top_level(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def ours(name: str) -> list[Path]:
    """The files that importing the module runs: its own and those of its packages; none if it is not ours."""
    files = []
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:length])
        files += [file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()]
    return files


def loaded_with(modules: set[str]) -> set[str]:
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


def _modules(nodes: Iterator[ast.AST], file: Path) -> Iterator[str]:
    package = module_name(file) if file.name == "__init__.py" else module_name(file).rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            around = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*around, *([node.module] if node.module else [])])
            yield base
            # `from core import runs` names a module, `from core.runs.run_folder import Run` does not.
            yield from (f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}"))


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
