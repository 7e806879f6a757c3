"""The architecture is a test: which room stands on which floor, and who looks at whom (core/makers/floors.py)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from core.makers.floors import FLOORS
from core.makers.imports import imported_by, module_name, python_files
from core.makers.rooms import Room, room_of, rooms_of
from tests.imports import ROOT, parsed

MOST_MODULES = 3  # at the top of core
LOOKS_AT = re.compile(r"[Ll]ooks at ([^.;]+)")
COMPILERS = {"njit", "jit", "vectorize", "guvectorize", "stencil", "cfunc"}


def without_floor(package: str, floors: Mapping[str, int], root: Path = ROOT) -> list[str]:
    """The files that are in no room of the dictionary."""
    files = [file for file in python_files(package, root) if module_name(file, root) != package]
    return [str(file) for file in files if room_of(module_name(file, root)).split(".")[1] not in floors]


def upward(package: str, floors: Mapping[str, int], root: Path = ROOT) -> list[str]:
    """The imports from one room into another that is not on a lower floor."""
    found = []
    for file in python_files(package, root):
        room = module_name(file, root).split(".")[1:2]
        for module in imported_by(file, root):
            if not module.startswith(f"{package}.") or module.split(".")[1:2] == room:
                continue
            if not room or floors[module.split(".")[1]] >= floors[room[0]]:
                found.append(f"{file.relative_to(root)} imports {module}")
    return found


def cycle(package: str, root: Path = ROOT) -> list[str]:
    """Rooms that look at each other in a circle."""
    try:
        list(TopologicalSorter({name: room.looks_at for name, room in rooms_of(package, root).items()}).static_order())
    except CycleError as problem:
        return problem.args[1]
    return []


def circles(packages: Iterable[str], root: Path = ROOT) -> list[str]:
    """Modules that look at each other in a circle, be it lazily or for types; a package may import its own modules."""
    files = [file for package in packages for file in python_files(package, root)]
    names = {module_name(file, root) for file in files}
    looks_at = {module_name(file, root): imported_by(file, root) & names for file in files}
    graph = {
        name: {other for other in found if not f"{other}.".startswith(f"{name}.")} for name, found in looks_at.items()
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as problem:
        return problem.args[1]
    return []


def badly_described(package: str, root: Path = ROOT) -> list[str]:
    """The packages whose docstring does not have one to three lines, or does not say what they look at."""
    found = []
    for folder in {file.parent for file in python_files(package, root)}:
        file = folder / "__init__.py"
        docstring = (ast.get_docstring(parsed(file)) if file.is_file() else None) or ""
        if not 1 <= len(docstring.splitlines()) <= 3 or not LOOKS_AT.search(" ".join(docstring.split())):
            found.append(str(folder.relative_to(root)))
    return sorted(found)


def misdescribed(package: str, floors: Mapping[str, int], root: Path = ROOT) -> list[str]:
    """Where what a folder says that it looks at is not below it, or is not all that its imports reach: what the rooms
    that it names look at themselves goes without saying."""
    rooms = {name.split(".")[1]: room for name, room in rooms_of(package, root).items()}
    found = []
    for name, room in rooms.items():
        if not (root / package / name).is_dir():
            continue
        words = words_on_looking(room.docstring)
        below = {other for other in rooms if floors[other] < floors[name]}
        named = {other for other in rooms if words & {other, f"{other}s"}}
        named |= below if words & {"everything", "every"} else set()
        found += [f"{name} looks at {other}, which is not below it" for other in sorted(named - below)]
        seen = {other.split(".")[1] for other in room.looks_at if other.startswith(f"{package}.")}
        found += [f"{name} looks at {other} and does not say so" for other in sorted(seen - within_reach(named, rooms))]
        if len(seen) < len(room.looks_at) and not words & {"core", "everything"}:
            found.append(f"{name} looks at another package and does not say so")
    return found


def words_on_looking(docstring: str) -> set[str]:
    """The words of a docstring on what its room looks at, as far as to what it leaves out."""
    said = LOOKS_AT.search(" ".join(docstring.split()))
    return set(re.findall(r"\w+", said.group(1).split(" but ")[0])) if said else set()


def within_reach(names: set[str], rooms: Mapping[str, Room]) -> set[str]:
    """These rooms of one package, and all that they look at, directly or not."""
    waiting, reached = list(names), set(names)
    while waiting:
        beyond = {other.split(".")[1] for other in rooms[waiting.pop()].looks_at} & rooms.keys()
        waiting += beyond - reached
        reached |= beyond
    return reached


def compiling(folder: str, root: Path = ROOT) -> list[str]:
    """The files that have numba compile something."""
    found = []
    for file in python_files(folder, root):
        nodes = list(ast.walk(parsed(file)))
        taken = {
            alias.name
            for node in nodes
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "numba"
            for alias in node.names
        }
        taken |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "numba"}
        if taken & (COMPILERS | {"*"}):
            found.append(file.relative_to(root).as_posix())
    return found


def neighbours_of_kernels(root: Path = ROOT) -> list[str]:
    """The imports of our own code by files with compiled functions: numba keeps these by their own file alone."""
    files = python_files("core/kernels", root)
    return [f"{file.name} imports {name}" for file in files for name in imported_by(file, root) if is_ours(name)]


def is_ours(name: str) -> bool:
    return name.split(".")[0] in {"core", "dashboard", "tests"}


@pytest.mark.parametrize("package", FLOORS)
def test_every_file_is_in_a_room_and_every_room_has_files(package: str) -> None:
    assert without_floor(package, FLOORS[package]) == []
    assert {f"{package}.{room}" for room in FLOORS[package]} == set(rooms_of(package))


@pytest.mark.parametrize("package", FLOORS)
def test_no_room_looks_at_one_that_is_not_below(package: str) -> None:
    assert upward(package, FLOORS[package]) == []
    assert cycle(package) == []


def test_few_modules_stand_outside_of_a_room() -> None:
    modules = [file.name for file in (ROOT / "core").glob("*.py") if file.name != "__init__.py"]
    assert len(modules) <= MOST_MODULES, modules


@pytest.mark.parametrize("package", FLOORS)
def test_every_package_says_in_three_lines_what_is_in_it_and_what_it_looks_at(package: str) -> None:
    assert badly_described(package) == []
    assert misdescribed(package, FLOORS[package]) == []


def test_what_is_compiled_stands_in_one_room_whose_files_know_nothing_of_each_other() -> None:
    files = compiling("core") + compiling("dashboard")
    assert files and [file for file in files if not file.startswith("core/kernels/")] == []
    assert neighbours_of_kernels() == []


# Each of these can fail: a small tree with everything wrong.

MADE = {
    "core/__init__.py": '"""A tree. Looks at nothing."""',
    "core/low/__init__.py": "",
    "core/low/first.py": "def late():\n    from core.high.second import second",
    "core/high/__init__.py": '"""One.\n\nTwo.\n\nThree."""',
    "core/high/second.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..low import first",
    "core/high/third.py": "import numba\n@numba.njit\ndef third(): ...",
    "core/kernels/__init__.py": '"""Compiled. Looks at nothing."""',
    "core/kernels/fourth.py": "from numba import njit\nfrom core.kernels import fifth",
    "core/kernels/fifth.py": "from numba.core import event",
    "core/alone.py": '"""Nobody\'s room."""',
}
MADE_FLOORS = {"low": 1, "kernels": 1, "high": 2}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in MADE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_without_a_floor_is_found(tree: Path) -> None:
    assert without_floor("core", MADE_FLOORS, tree) == [str(tree / "core" / "alone.py")]


def test_imports_upward_and_cycles_are_found_lazy_ones_and_those_of_types_too(tree: Path) -> None:
    assert set(upward("core", MADE_FLOORS, tree)) == {
        "core/low/first.py imports core.high.second",
    }
    assert upward("core", MADE_FLOORS | {"low": 2}, tree), "nor may one look at a room of its own floor"
    assert set(cycle("core", tree)) == {"core.low", "core.high"}
    (tree / "core" / "low" / "first.py").write_text("")
    assert cycle("core", tree) == [] and upward("core", MADE_FLOORS, tree) == []


def test_packages_that_say_nothing_or_too_much_are_found(tree: Path) -> None:
    assert badly_described("core", tree) == ["core/high", "core/low"]
    (tree / "core" / "low" / "__init__.py").write_text('"""What is low."""')
    assert badly_described("core", tree) == ["core/high", "core/low"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Looks at kernels.", []),
        ("Looks at everything but the others.", []),
        ("Looks at middles.", []),
        ("Looks at nothing.", ["top looks at kernels and does not say so"]),
        ("Looks at kernels and top.", ["top looks at top, which is not below it"]),
    ],
)
def test_a_package_that_hides_or_invents_what_it_looks_at_is_found(
    said: str, expected: list[str], tmp_path: Path
) -> None:
    made = {
        "kernels/__init__.py": '"""Looks at nothing."""',
        "middle/__init__.py": '"""Looks at kernels."""\nimport core.kernels',
        "top/__init__.py": f'"""What is on top. {said}"""\nimport core.kernels',
        "alone.py": "import core.kernels",
    }
    for name, text in made.items():
        (tmp_path / "core" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "core" / name).write_text(text)
    assert misdescribed("core", {"kernels": 1, "middle": 2, "alone": 3, "top": 3}, tmp_path) == expected


def test_compiled_functions_elsewhere_and_imports_of_kernels_are_found(tree: Path) -> None:
    assert compiling("core", tree) == ["core/high/third.py", "core/kernels/fourth.py"]
    assert set(neighbours_of_kernels(tree)) == {
        "fourth.py imports core.kernels",
        "fourth.py imports core.kernels.fifth",
    }


def test_no_two_modules_look_at_each_other() -> None:
    assert circles(FLOORS) == []


def test_a_circle_of_types_is_seen(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("from core import one\n")
    (tmp_path / "core" / "one.py").write_text("def two():\n    from core.two import Two\n")
    (tmp_path / "core" / "two.py").write_text("if TYPE_CHECKING:\n    from core.one import two\n")
    assert {"core.one", "core.two"} <= set(circles(["core"], tmp_path))
    (tmp_path / "core" / "two.py").write_text("")
    assert circles(["core"], tmp_path) == []
