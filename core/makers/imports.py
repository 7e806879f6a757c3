"""What a Python file imports, read without running it: lazy imports and those for the type checker, too."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from core.system.locations import ROOT


def python_files(folder: str, root: Path = ROOT) -> list[Path]:
    """Every Python file under a folder of the repository, in order."""
    return sorted((root / folder).rglob("*.py"))


def module_name(file: Path, root: Path = ROOT) -> str:
    """The name by which a file is imported: `core.losses` for core/losses/__init__.py."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(file: Path, root: Path = ROOT) -> frozenset[str]:
    """Every module that an import anywhere in the file names."""
    return _imported_by(file.read_text(encoding="utf-8"), file, root)


@cache
def _imported_by(text: str, file: Path, root: Path) -> frozenset[str]:
    return frozenset(modules_named(ast.walk(ast.parse(text)), file, root))


def modules_named(nodes: Iterable[ast.AST], file: Path, root: Path = ROOT) -> Iterator[str]:
    """The modules that the imports among these nodes of a file name, relative ones resolved."""
    package = module_name(file, root) if file.name == "__init__.py" else module_name(file, root).rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            around = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*around, *([node.module] if node.module else [])])
            yield base
            # `from core import runs` names a module, `from core.runs.run_folder import Run` does not.
            yield from (f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}", root))


def _is_module(name: str, root: Path) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
