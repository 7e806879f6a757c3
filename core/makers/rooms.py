"""The rooms of a package as its files show them: what they say of themselves, and whom they import."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.makers.imports import imported_by, module_name, python_files
from core.system.locations import ROOT


@dataclass(frozen=True)
class Room:
    """A folder or a module at the top of a package: its docstring, how many modules it has, and the rooms of all
    packages that these import, by full name."""

    docstring: str
    modules: int
    looks_at: frozenset[str]

    @property
    def purpose(self) -> str:
        """The first sentence of the docstring."""
        text = " ".join(self.docstring.split())
        sentence = re.match(r".+?\.(?=\s|$)", text)
        return sentence.group() if sentence else text


def room_of(module: str) -> str:
    """The room of a module by full name: `core.statistics` for `core.statistics.roc`."""
    return ".".join(module.split(".")[:2])


def rooms_of(package: str, root: Path = ROOT) -> dict[str, Room]:
    """Every room of a package by full name."""
    files: dict[str, list[Path]] = {}
    for file in python_files(package, root):
        name = room_of(module_name(file, root))
        if name != package:
            files.setdefault(name, []).append(file)
    return {name: _room(name, own, root) for name, own in files.items()}


def reduced(looks_at: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """The same arrows without those that longer ways say already; there must be no cycle."""
    beyond: dict[str, set[str]] = {}

    def reached(name: str) -> set[str]:
        if name not in beyond:
            nearest = looks_at.get(name, frozenset())
            beyond[name] = set(nearest).union(*(reached(other) for other in nearest))
        return beyond[name]

    return {
        name: sorted(other for other in nearest if not any(other in reached(way) for way in nearest))
        for name, nearest in looks_at.items()
    }


def _room(name: str, files: list[Path], root: Path) -> Room:
    """A folder is described by its `__init__.py`, which counts as a module only where there is nothing else."""
    imported = {room_of(module) for file in files for module in imported_by(file, root)}
    packages = {path.name for path in root.iterdir() if path.is_dir()}
    modules = [file for file in files if file.name != "__init__.py"] or files
    return Room(
        _docstring(root, name),
        len(modules),
        frozenset(other for other in imported - {name} if other.split(".")[0] in packages and "." in other),
    )


def _docstring(root: Path, name: str) -> str:
    path = root.joinpath(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "") if file.is_file() else ""
