"""What core says in English, in the reader's language: errors, advice, names and descriptions.

`words/LANGUAGE/core.toml` has each of its sentences as a template with numbered places, as core/makers/sentences.py
finds them in the code, beside its translation; core/system/phrasebook.py knows them again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.system.phrasebook import Phrasebook
from dashboard.markdown import plain
from dashboard.wording import ENGLISH, OF_CORE, OF_FORMULAS, OF_NAMES, OF_REPORTS, WORDS, language, say

TRUTHS = {"true": True, "false": False}
IN_FORMULA = re.compile(r"(?<=\\text\{)(\s*)([^{}]*?)(\s*)(?=\})")


def translated(text: str) -> str:
    """A text of core in the reader's language; English, and what is in no catalogue, as it is."""
    spoken = language()
    return text if spoken == ENGLISH else phrasebook(spoken).translated(text)


def plain_words(problem: object) -> str:
    """What an error or another text of core says, for a place that reads Markdown."""
    return plain(translated(str(problem)))


def named(name: str) -> str:
    """A method, a setting or what it may be, called as its reader calls it: in English mostly as it is."""
    return names(language()).get(name.replace("-", " ")) or translated(name)


def setting_named(name: str) -> str:
    """A setting behind its family, "loss margin", or a family alone: which member it is."""
    family, _, own = name.partition(" ")
    return say("compare.setting", family=named(family), name=named(own)) if own else named(family)


def value_named(value: object) -> str:
    """What a setting may be, as its menu or switch has it; a number as it is."""
    if isinstance(value, bool):
        return say("train.value.on" if value else "train.value.off")
    return named(value) if isinstance(value, str) else str(value)


def written_named(value: str) -> str:
    """The same of a value as it is written, in the name of a strategy say."""
    return value if language() == ENGLISH else value_named(TRUTHS.get(value, value))


def strategy_named(name: str) -> str:
    """A strategy as its reader calls it: a member of a family, or a setting with its value, as "margin 0.2"."""
    spoken = language()
    if spoken == ENGLISH:
        return name
    known, whole = names(spoken), name.replace("-", " ")
    if whole in known or name in phrasebook(spoken).whole:
        return named(name)
    # A setting may be of several words, and so may its value.
    of_settings = [at for at, letter in enumerate(name) if letter == " " and name[:at] in known]
    if not of_settings:
        return name
    end = of_settings[-1]
    return f"{known[name[:end]]} {written_named(name[end + 1 :])}"


def formula_in_words(formula: str) -> str:
    """LaTeX whose words, each within a `\\text`, are of the reader's language."""
    return IN_FORMULA.sub(lambda text: f"{text[1]}{word_of_formula(text[2])}{text[3]}", formula)


def word_of_formula(word: str) -> str:
    """What stands in a formula for a word of its English one."""
    spoken = language()
    return word if spoken == ENGLISH else words_of_formulas(spoken).get(word, word)


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
    return _read(catalogue_of(spoken))


@cache
def names(spoken: str) -> Mapping[str, str]:
    """What a language calls each method, setting and value; nothing where it has no words of its own."""
    return _read(WORDS / spoken / OF_NAMES)


@cache
def words_of_formulas(spoken: str) -> Mapping[str, str]:
    """What a language has for each word of a formula; nothing where it has none of its own."""
    return _read(WORDS / spoken / OF_FORMULAS)


def _read(file: Path) -> Mapping[str, str]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
