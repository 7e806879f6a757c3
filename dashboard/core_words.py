"""What core says in English, in the reader's language: errors, advice, names and descriptions.

`words/LANGUAGE/core.toml` has each of its sentences as a template with numbered places, as core/makers/sentences.py
finds them in the code, beside its translation; core/system/phrasebook.py knows them again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.system.phrasebook import Phrasebook
from dashboard.markdown import plain
from dashboard.wording import ENGLISH, OF_CORE, OF_NAMES, OF_REPORTS, WORDS, language


def translated(text: str) -> str:
    """A text of core in the reader's language; English, and what is in no catalogue, as it is."""
    spoken = language()
    return text if spoken == ENGLISH else phrasebook(spoken).translated(text)


def plain_words(problem: object) -> str:
    """What an error or another text of core says, for a place that reads Markdown."""
    return plain(translated(str(problem)))


def named(name: str) -> str:
    """A method, a setting or what it may be, called as its reader calls it: in English as it is."""
    spoken = language()
    return name if spoken == ENGLISH else names(spoken).get(name.replace("-", " ")) or translated(name)


def catalogue_of(spoken: str) -> Path:
    """The file of what a language says for each template of core."""
    return WORDS / spoken / OF_CORE


@cache
def phrasebook(spoken: str) -> Phrasebook:
    """The templates of a language; none where it has no file of them."""
    return Phrasebook.of(catalogue_of(spoken))


@cache
def book_of_reports(spoken: str) -> Phrasebook:
    """The same with what reports are put together of."""
    return Phrasebook.of(*report_files(spoken))


def report_files(spoken: str) -> tuple[Path, ...]:
    """The files of what a report says in a language."""
    return catalogue_of(spoken), WORDS / spoken / OF_REPORTS


def translations(spoken: str) -> Mapping[str, str]:
    """The translation of each template of core; nothing where a language has none."""
    file = catalogue_of(spoken)
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def names(spoken: str) -> Mapping[str, str]:
    """What a language calls each method, setting and value; nothing where it has no words of its own."""
    file = WORDS / spoken / OF_NAMES
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
