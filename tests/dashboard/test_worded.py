"""Kept results hold the words of one language each, and a figure is still made once for all who read in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.makers.imports import module_name, python_files
from dashboard.worded import awaited, worded
from dashboard.wording import language, say, speaking
from tests.imports import ROOT

SPEAKERS = {f"dashboard.wording.{name}" for name in ("say", "count", "joined", "language")} | {
    f"dashboard.core_words.{name}" for name in ("translated", "plain_words")
}
MADE: list[str] = []


@worded(st.cache_data(max_entries=4, show_spinner=False))
def _delete(_unread: int, number: int, *, again: int = 0) -> tuple[str, int]:
    MADE.append(say("runs.list.delete"))
    return say("runs.list.delete"), number


@awaited("pairs.looking.near", partial(st.cache_data, max_entries=4))
def _doubled(number: int) -> int:
    MADE.append(str(number))
    return 2 * number


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    _delete.clear()
    MADE.clear()
    yield
    _delete.clear()


def test_a_result_is_kept_once_for_each_language() -> None:
    for _ in range(30):
        assert _delete(0, 1) == ("Delete", 1)
    assert MADE == ["Delete"]
    with speaking("zh"):
        assert _delete(0, 1) == (say("runs.list.delete"), 1)
    assert len(MADE) == 2
    assert _delete(0, 1) == ("Delete", 1) and len(MADE) == 2


def test_arguments_tell_results_apart_as_without_the_language() -> None:
    assert (_delete(0, 1)[1], _delete(0, 2)[1], _delete(0, 1, again=1)[1]) == (1, 2, 1)
    assert len(MADE) == 3
    assert _delete(5, 2)[1] == 2 and len(MADE) == 3, "what begins with _ is no part of the key"


def test_it_can_be_forgotten_in_all_languages() -> None:
    _delete(0, 1)
    _delete.clear()
    _delete(0, 1)
    assert len(MADE) == 2 and _delete.__name__ == "_delete"


def test_what_holds_no_words_is_kept_once_for_all_languages() -> None:
    assert _doubled(21) == 42
    with speaking("zh"):
        assert _doubled(21) == 42
    assert MADE == ["21"]


def waiting() -> None:
    import streamlit as st

    from tests.dashboard.test_worded import _doubled

    st.text(_doubled(4))


def test_a_page_gets_it_too() -> None:
    assert AppTest.from_function(waiting).run().text[0].value == "8"


def kept_with_words(files: list[Path], speakers: set[str], root: Path) -> set[str]:
    """The functions that Streamlit keeps the results of, by module and name, which reach a speaker without `worded`.

    A function reaches whatever it names: another at the top of a module, a class with all of its methods, a table.
    """
    graph, kept = dict[str, set[str]](), set[str]()
    for file in files:
        module, tree = module_name(file, root), ast.parse(file.read_text(encoding="utf-8"))
        known = {name: f"{module}.{name}" for name in defined(tree)} | imported(tree)
        for node in tree.body:
            for name in named(node):
                graph.setdefault(f"{module}.{name}", set()).update(references(node, known))
            if isinstance(node, ast.FunctionDef) and any(is_kept(one) for one in node.decorator_list):
                kept.add(f"{module}.{node.name}")
    return {one for one in kept if speakers & reached(one, graph)}


def is_kept(decorator: ast.expr) -> bool:
    """Whether this keeps results by arguments alone."""
    text = ast.unparse(decorator)
    keeps = any(word in text for word in ("cache_data", "cache_resource", "lru_cache")) or text in (
        "cache",
        "cached_property",
    )
    return keeps and not text.startswith("worded(")


def named(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


def defined(tree: ast.Module) -> set[str]:
    return {name for node in tree.body for name in named(node)}


def imported(tree: ast.AST) -> Mapping[str, str]:
    found = dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def references(node: ast.stmt, known: Mapping[str, str]) -> set[str]:
    """What is named in a function, a class or a table, decorators aside."""
    aside = {id(part) for one in getattr(node, "decorator_list", ()) for part in ast.walk(one)}
    found = set[str]()
    for part in ast.walk(node):
        if id(part) in aside:
            continue
        if isinstance(part, ast.Name) and part.id in known:
            found.add(known[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in known:
            found.add(f"{known[part.value.id]}.{part.attr}")
    return found


def reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen, left = set[str](), [start]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left.extend(graph.get(one, ()))
    return seen


def test_nothing_that_is_kept_for_all_languages_holds_words() -> None:
    files = python_files("dashboard")
    assert files and not kept_with_words(files, SPEAKERS, ROOT)


def test_the_walk_finds_what_speaks_far_away(tmp_path: Path) -> None:
    (tmp_path / "dashboard").mkdir()
    (tmp_path / "dashboard" / "a.py").write_text(
        "from dashboard.wording import say\nclass Frame:\n  def draw(self): return say('x')\nTABLE = {'a': Frame}\n"
    )
    (tmp_path / "dashboard" / "b.py").write_text(
        "from dashboard import a\nfrom dashboard.a import TABLE as known\n"
        "@st.cache_data(show_spinner=False)\ndef far(): return known['a']\n"
        "@worded(st.cache_data(show_spinner=False))\ndef told(): return a.Frame()\n"
        "@st.cache_data\ndef silent(): return 1\n"
        "def between(): return a.Frame()\n@st.cache_resource\ndef near(): return between()\n"
    )
    files = sorted((tmp_path / "dashboard").glob("*.py"))
    assert kept_with_words(files, SPEAKERS, tmp_path) == {"dashboard.b.far", "dashboard.b.near"}


def test_no_sentence_is_said_while_modules_are_read() -> None:
    """It would be of one language for ever; `say` in a default value or a decorator is, too."""
    pages = {ROOT / "dashboard" / "navigation.py", *(ROOT / "dashboard" / "views").glob("*.py")}  # read for each run
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in python_files("dashboard")
        if file not in pages
        for call in at_once(ast.parse(file.read_text(encoding="utf-8")))
        if ast.unparse(call.func) in ("say", "count", "translated", "wording.say", "wording.count")
    ]
    assert not found


def at_once(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that are made where this is read: not those in the body of a function."""
    if isinstance(node, ast.Call):
        yield node
    later = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    for name, value in ast.iter_fields(node):
        if later and name == "body":
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from at_once(part)


def test_a_sentence_in_a_default_is_found() -> None:
    tree = ast.parse("A = say('a')\ndef f(b=say('b')):\n  return say('c')\nclass C:\n  d = count('d', 1)\n")
    assert [ast.unparse(call) for call in at_once(tree)] == ["say('a')", "say('b')", "count('d', 1)"]


def test_the_language_outside_of_a_session_is_english() -> None:
    assert language() == "en"
