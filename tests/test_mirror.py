"""Every source file with logic has a test file of its name, or stands in a list here."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "dashboard")

# A source file tested under another name, with the test that fails when the file is emptied.
EXCEPTIONS: dict[str, str] = {
    "core/__main__.py": "tests/core/test_main.py",
    "core/distances/base.py": "tests/core/distances/test_every_distance.py",
    "core/encoders/base.py": "tests/core/encoders/test_every_encoder.py",
    "core/makers/floors.py": "tests/test_floors.py",
}
MOST_EXCEPTIONS = 15


def has_logic(path: Path) -> bool:
    """Whether a file defines a function, or a class with a method that does something."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        if isinstance(node, ast.ClassDef) and not is_protocol(node):
            if any(isinstance(part, ast.FunctionDef) for part in node.body):
                return True
    return False


def is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class is a Protocol, whose methods only name what others do."""
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def untested_files() -> set[str]:
    """The source files with logic that have no test file of their name."""
    untested = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.relative_to(ROOT)
            twin = ROOT / "tests" / source.parent / f"test_{source.name}"
            if source.name != "__init__.py" and has_logic(path) and not twin.exists():
                untested.add(source.as_posix())
    return untested


def test_every_source_file_with_logic_has_its_test() -> None:
    unnamed = untested_files() - set(EXCEPTIONS)
    assert not unnamed, f"no tests/.../test_NAME.py for {sorted(unnamed)}"


def test_the_list_names_only_files_without_a_test_of_their_name() -> None:
    stale = set(EXCEPTIONS) - untested_files()
    assert not stale, f"take {sorted(stale)} off the list"


def test_the_list_is_short() -> None:
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS


def test_every_exception_names_a_test_that_exists() -> None:
    lost = [test for test in EXCEPTIONS.values() if not (ROOT / test).is_file()]
    assert not lost
