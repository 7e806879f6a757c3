"""The catalogue of sentences: complete, used, with the places that the pages fill, and open to a second language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dashboard import wording
from dashboard.wording import ENGLISH, WORDS, catalogue, count, languages, say
from tests.imports import ROOT

SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z{]|^[A-Z][a-z]+")
TAG = re.compile(r"<[^<>]*>")
FILES = sorted((ROOT / "dashboard").rglob("*.py"))


def said(file: Path) -> Iterator[tuple[str, set[str]]]:
    """The keys that a file names, with what it fills in; a key that is put together has a star for its parts."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "count"):
            filled = {word.arg for word in node.keywords if word.arg} | (
                {"number"} if node.func.id == "count" else set()
            )
            filled |= {"*"} if any(word.arg is None for word in node.keywords) else set()
            for text in texts(node.args[0]):
                yield (f"{text}.*" if node.func.id == "count" else text), filled


def texts(node: ast.expr) -> list[str]:
    """What an expression for a key can be; a name was given a key before it is said."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return [str(node.value)] if isinstance(node, ast.Constant) else ["*"]


SENTENCES = catalogue(ENGLISH)


def keys_like(pattern: str) -> set[str]:
    rule = re.compile(re.escape(pattern).replace(r"\*", r"\w+"))
    return {key for key in SENTENCES if rule.fullmatch(key)}


def places(sentence: str) -> set[str]:
    """The names of what a sentence has filled in."""
    names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    return {re.split(r"[.\[]", name)[0] for name in names}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_a_page_says_is_in_the_catalogue_with_the_places_that_it_fills(file: Path) -> None:
    for key, filled in said(file):
        if key.startswith("*"):  # a name that was given a key before
            continue
        found = keys_like(key)
        assert found, f"{key} is in no file of dashboard/words/en"
        if "*" not in {key[-1], *filled}:
            for one in found:
                assert places(SENTENCES[one]) <= filled, one


def test_every_sentence_is_said_somewhere() -> None:
    source = "\n".join(file.read_text() for file in FILES)
    used = set().union(*(keys_like(key) for file in FILES for key, _ in said(file) if not key.startswith("*")))
    assert not {key for key in SENTENCES.keys() - used if f'"{key}"' not in source}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_sentence_stands_beside_the_catalogue(file: Path) -> None:
    assert not list(sentences_in(ast.parse(file.read_text())))


def sentences_in(tree: ast.AST) -> Iterator[str]:
    """Texts of more than one word, or of one with a capital; errors are said in their own place, docstrings nowhere.
    Tags of HTML and what a module exports are no texts."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        is_type = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "TypeVar"
        is_silent = is_type or isinstance(node, (ast.Raise, ast.Assert))
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_export = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if is_silent or is_docstring or is_export:
            skipped |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in ast.walk(node) if part is not node}
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            skipped |= {id(part) for part in ast.walk(node.annotation)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if SENTENCE.search(TAG.sub("", text)) and "<style>" not in text:
            yield text


def test_a_number_of_things_has_its_own_words() -> None:
    assert count("runs.waiting.compiling", 1, worker="host:1").startswith("worker host:1 is")
    assert count("runs.waiting.compiling", 3, worker="host:1").startswith("3 workers are")


def test_a_second_language_is_a_folder_and_what_it_lacks_is_said_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").symlink_to(WORDS / "en")
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "runs.toml").write_text('[list]\nundo = "Zurück"\nepochs = "{epochs} Epochen, davon {epoch}"')
    monkeypatch.setattr(wording, "WORDS", tmp_path)
    monkeypatch.setenv("METRIC_LAB_LANGUAGE", "de")
    forget()
    try:
        assert languages() == ["de", "en"]
        assert (say("runs.list.undo"), say("runs.list.delete")) == ("Zurück", "Delete")
        assert say("runs.list.epochs", epoch=1, epochs=3) == "3 Epochen, davon 1"
    finally:
        forget()


def forget() -> None:
    """What was read of the catalogue."""
    catalogue.cache_clear()
    wording._sentences.cache_clear()


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="METRIC_LAB_LANGUAGE must be one of en, zh, got 'xx'. Choose one of these."):
        catalogue("xx")
