"""What holds for every file of core and dashboard: what is public is documented, and no function is long. Tests are
annotated as core and dashboard are, which the type checker holds.

Public is every module, and every class, function and method that it defines at its top, unless its name begins with an
underscore. Two may leave the docstring to another: a file whose one public name is a documented class (the home of a
loss, of a miner), to that class; a method that fills in one which a class of ours documents (`Loss.learned`,
`Distance.matrix`), to that one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.imports import ROOT, parsed, python_files

LONGEST = 40  # lines of a function, its signature included, without docstring and blank lines
FILES = [file for folder in ("core", "dashboard") for file in python_files(folder)]
TESTS = python_files("tests")
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_what_is_public_is_documented(file: Path) -> None:
    assert list(undocumented(file.read_text())) == []


def test_no_function_is_long() -> None:
    lengths = {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": length(node, text)
        for file, text in ((file, file.read_text()) for file in FILES)
        for node in ast.walk(parsed(file))
        if isinstance(node, Function)
    }
    assert len(lengths) > 1000
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_function_of_the_tests_is_annotated() -> None:
    functions = [(file, node) for file in TESTS for node in ast.walk(parsed(file)) if isinstance(node, Function)]
    assert len(functions) > 2000
    lacking = [f"{file.relative_to(ROOT)}:{node.lineno} {node.name}" for file, node in functions if is_bare(node)]
    assert not lacking, "annotate parameters and result of these"


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("f() -> None", False),
        ("f()", True),
        ("f(a) -> None", True),
        ("f(self, a: int, *b: int, c: int = 1, **d: int) -> None", False),
        ("f(a: int, /, b) -> None", True),
        ("f(*a) -> None", True),
        ("f(*, a=1) -> None", True),
        ("f(**a) -> None", True),
    ],
)
def test_a_parameter_or_a_result_without_its_type_is_found(signature: str, expected: bool) -> None:
    node = ast.parse(f"def {signature}: ...").body[0]
    assert isinstance(node, Function) and is_bare(node) == expected


def test_what_lacks_a_docstring_is_named() -> None:
    text = '''
class Kept:
    """Said."""
    def said(self): "So."
    def unsaid(self): pass
    def _inner(self): pass
class Loss:
    def learned(self): pass
class Filled(Loss):
    """Said."""
    def learned(self): pass
    def other(self): pass
'''
    assert list(undocumented(text)) == ["the module", "Kept.unsaid", "Loss", "Loss.learned", "Filled.other"]


def test_a_home_of_one_class_is_documented_by_it() -> None:
    assert list(undocumented('class Triplet:\n    """Said."""\n')) == []
    assert list(undocumented('class Triplet:\n    """Said."""\ndef other():\n    """Said."""\n')) == ["the module"]


def test_a_docstring_and_blank_lines_are_no_length() -> None:
    text = 'def one(\n    self,\n):\n    """Said\n\n    at length."""\n\n    return 1\n'
    assert length(ast.parse(text).body[0], text) == 4


def is_bare(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a parameter or the result of a function has no type."""
    named = node.args
    parameters = [*named.posonlyargs, *named.args, *named.kwonlyargs, named.vararg, named.kwarg]
    typed = [one.annotation is not None or one.arg in ("self", "cls") for one in parameters if one]
    return node.returns is None or not all(typed)


def undocumented(text: str) -> Iterator[str]:
    """The public names of a file without a docstring, in its order."""
    tree = ast.parse(text)
    defined = [node for node in tree.body if isinstance(node, (*Function, ast.ClassDef))]
    public = [node for node in defined if not node.name.startswith("_")]
    is_home = len(public) == 1 and isinstance(public[0], ast.ClassDef) and ast.get_docstring(public[0])
    if not ast.get_docstring(tree) and not is_home:
        yield "the module"
    for node in public:
        if not ast.get_docstring(node):
            yield node.name
        if isinstance(node, ast.ClassDef):
            inherited = documented_by_bases(node)
            methods = [inner for inner in node.body if isinstance(inner, Function)]
            for method in methods:
                if not method.name.startswith("_") and not ast.get_docstring(method) and method.name not in inherited:
                    yield f"{node.name}.{method.name}"


def length(node: ast.AST, text: str) -> int:
    """Lines of a function without its decorators, its docstring and blank lines."""
    assert isinstance(node, Function)
    said: range = range(0)
    if ast.get_docstring(node):
        said = range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    lines = enumerate(text.splitlines()[node.lineno - 1 : node.end_lineno], start=node.lineno)
    return sum(1 for number, line in lines if line.strip() and number not in said)


def documented_by_bases(node: ast.ClassDef) -> set[str]:
    """Names of methods that a class of ours above this one documents."""
    names: set[str] = set()
    for base in node.bases:
        word = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
        for above in classes().get(word, []):
            if above is not node:
                names |= {
                    inner.name for inner in above.body if isinstance(inner, Function) and ast.get_docstring(inner)
                }
                names |= documented_by_bases(above) if above.name != node.name else set()
    return names


@cache
def classes() -> dict[str, list[ast.ClassDef]]:
    """Every class of core and dashboard by its name, which two files may share."""
    found: dict[str, list[ast.ClassDef]] = {}
    for file in FILES:
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(node)
    return found
