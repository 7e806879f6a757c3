"""Every sentence of the pages by its key, out of one catalogue for each language.

`words/en/` holds a file for each room of pages; the key of a sentence begins with the name of its file. Another
language is another folder beside it; what it lacks is said in English. Which one a reader has is kept in the session
(reader_language.py), since a part of a page or a click speaks without the page around it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import local
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

WORDS = Path(__file__).with_name("words")
ENGLISH = "en"
OF_CORE = "core.toml"  # by what core says in English: core_words.py
OF_NAMES = "names.toml"  # by what methods and settings are called in English
OF_REPORTS = "reports.toml"  # by what reports are put together of, in English
OF_FORMULAS = "formulas.toml"  # by the words that formulas have in English
KEPT = "wording.language"


def say(key: str, **values: Any) -> str:
    """The sentence with these values in its places.

    Names out of files go through `markdown.plain` first. A key that is not there raises KeyError.
    """
    return _sentences(language())[key].format_map(values)


def count(key: str, number: int, **values: Any) -> str:
    """The sentence `key.one` or `key.other`, whichever this number of things takes; the number is its `number`."""
    return say(f"{key}.{'one' if number == 1 else 'other'}", number=number, **values)


def joined(what: Literal["sentences", "things", "clauses"], parts: Iterable[str]) -> str:
    """Sentences after one another, things in a list or clauses of a sentence, as the language sets them; what is empty
    is left out."""
    return say(f"joined.{what}").join(filter(None, parts))


def language() -> str:
    """The one that is spoken here: the reader's, and outside of all sessions METRIC_LAB_LANGUAGE, or English."""
    context = get_script_run_ctx(suppress_warning=True)
    if _here.set:  # outside of a session, by `speaking`
        return _here.set
    if context is None:
        return of_server() or ENGLISH
    if _here.context is not context:
        _here.language, _here.context = st.session_state.get(KEPT) or of_server() or ENGLISH, context
    return _here.language


def use(chosen: str) -> None:
    """Speak it in this session from now on."""
    st.session_state[KEPT] = chosen
    _here.language, _here.context = chosen, get_script_run_ctx(suppress_warning=True)


@contextmanager
def speaking(chosen: str) -> Generator[None]:
    """Speak it here, whoever listens: for what a browser asks for beside its page."""
    before, _here.set = _here.set, chosen
    try:
        yield
    finally:
        _here.set = before


def of_server() -> str:
    """What the server was started with for all readers, METRIC_LAB_LANGUAGE; nothing where it leaves it to them."""
    return os.environ.get("METRIC_LAB_LANGUAGE", "")


def languages() -> list[str]:
    """Those that there is a folder of."""
    return sorted(folder.name for folder in WORDS.iterdir() if folder.is_dir())


@cache
def catalogue(named: str) -> Mapping[str, str]:
    """All sentences of one language by their keys, in the order of its files; ValueError where it is not there."""
    if named not in languages():
        known = ", ".join(languages())
        raise ValueError(f"METRIC_LAB_LANGUAGE must be one of {known}, got {named[:40]!r}. Choose one of these.")
    found: dict[str, str] = {}
    for file in sorted((WORDS / named).glob("*.toml")):
        if file.name in (OF_CORE, OF_NAMES, OF_REPORTS, OF_FORMULAS):
            continue
        found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), file.stem)
    return found


class _Here(local):
    """What this thread has found out: each script of a page runs in one thread, and a sentence is said often."""

    context: object = None
    language: str = ENGLISH
    set: str = ""


_here = _Here()


@cache
def _sentences(named: str) -> Mapping[str, str]:
    return {**catalogue(ENGLISH), **catalogue(named)}


def _flat(table: Mapping[str, Any], before: str) -> dict[str, str]:
    return dict(_entries(table, before))


def _entries(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{before}.{name}"
        if isinstance(value, Mapping):
            yield from _entries(value, key)
        else:
            yield key, value
