"""What core says in English, in the reader's language: errors, advice, names and descriptions.

core knows no language. `words/LANGUAGE/core.toml` has each of its sentences as a template with numbered places, as
core/makers/sentences.py finds them in the code, beside its translation. A sentence is known again by the words between
its places, and what fills them is translated in turn: an error may quote another one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import NamedTuple

from dashboard.markdown import plain
from dashboard.wording import ENGLISH, OF_CORE, OF_NAMES, WORDS, language

DEEPEST = 4  # sentences within sentences
TOGETHER = 6  # sentences, at most, that one template is looked for in
MOST_LETTERS = 10_000  # of a text that is looked at at all
_PLACE = re.compile(r"\{(\d+)\}")
_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z0-9])|\n+")


def translated(text: str) -> str:
    """A text of core in the reader's language; English, and what is in no catalogue, as it is."""
    spoken = language()
    return text if spoken == ENGLISH or len(text) > MOST_LETTERS else _in(spoken, text)


def plain_words(problem: object) -> str:
    """What an error or another text of core says, for a place that reads Markdown."""
    return plain(translated(str(problem)))


def named(name: str) -> str:
    """A method, a setting or what it may be, called as its reader calls it: in English as it is."""
    spoken = language()
    return name if spoken == ENGLISH else names(spoken).get(name.replace("-", " ")) or translated(name)


class _Template(NamedTuple):
    """The words between its places, from the first to the last, and the numbers of these places in order."""

    pieces: tuple[str, ...]
    numbers: tuple[int, ...]
    translation: str

    def fills(self, text: str) -> list[str] | None:
        """What stands in its places in a text, each as short as can be; None where it is another text. No regular
        expression: on a long name that is made for it one would take for ever."""
        first, *between, last = self.pieces
        place, end = len(first), len(text) - len(last)
        if place > end or not text.startswith(first) or not text.endswith(last):
            return None
        found: list[str] = []
        for piece in between:
            if (at := text.find(piece, place, end)) < 0:
                return None
            found.append(text[place:at])
            place = at + len(piece)
        return [*found, text[place:end]]


class _Templates(NamedTuple):
    """The whole sentences without places, and the others by their first word, '' where a place comes first."""

    whole: Mapping[str, str]
    by_word: Mapping[str, list[_Template]]


def translations(spoken: str) -> Mapping[str, str]:
    """The translation of each template of core; nothing where a language has none."""
    file = WORDS / spoken / OF_CORE
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def names(spoken: str) -> Mapping[str, str]:
    """What a language calls each method, setting and value; nothing where it has no words of its own."""
    file = WORDS / spoken / OF_NAMES
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def _templates(spoken: str) -> _Templates:
    whole, by_word = dict[str, str](), dict[str, list[_Template]]()
    # The longest first: "{0}, got {1}." knows many sentences that another template says more of.
    for template, translation in sorted(translations(spoken).items(), key=lambda pair: -len(_PLACE.sub("", pair[0]))):
        numbers = tuple(map(int, _PLACE.findall(template)))
        if numbers:
            pieces = tuple(_PLACE.split(template.strip())[::2])
            by_word.setdefault(_first_word(template.strip()), []).append(_Template(pieces, numbers, translation))
        else:
            whole[template.strip()] = translation
    return _Templates(whole, by_word)


def _first_word(template: str) -> str:
    """The word that a text begins with, where it is whole before any place."""
    first = template.split(" ", 1)[0]
    return "" if "{" in first or " " not in template else first


@lru_cache(maxsize=4096)
def _in(spoken: str, text: str, depth: int = 0) -> str:
    bare = text.strip()
    if not bare or depth > DEEPEST:
        return text
    found = _known(spoken, bare, depth)
    if found is None and len(parts := _ENDS.split(bare)) > 1:
        found = _parted(spoken, parts, depth)
    return text if found is None else found


def _known(spoken: str, text: str, depth: int) -> str | None:
    """The translation of a text that is one template; None where there is none."""
    templates = _templates(spoken)
    if (whole := templates.whole.get(text)) is not None:
        return whole
    for template in (*templates.by_word.get(text.split(" ", 1)[0], ()), *templates.by_word.get("", ())):
        if (found := template.fills(text)) is not None:
            fills = {number: _in(spoken, fill, depth + 1) for number, fill in zip(template.numbers, found, strict=True)}
            return _PLACE.sub(partial(_fill, fills), template.translation)
    return None


def _fill(fills: Mapping[int, str], place: re.Match[str]) -> str:
    return fills[int(place[1])]


def _parted(spoken: str, sentences: list[str], depth: int) -> str | None:
    """Sentences one after another, as many at once as a template knows; None where it knows none of them."""
    told, row, is_known = list[str](), 0, False
    while row < len(sentences):
        for end in range(min(len(sentences) if row else len(sentences) - 1, row + TOGETHER), row, -1):
            found = _known(spoken, " ".join(sentences[row:end]), depth)
            if found is not None:
                break
        else:
            found, end = None, row + 1
        told.append(sentences[row] if found is None else found)
        row, is_known = end, is_known or found is not None
    return _joined(told) if is_known else None


def _joined(sentences: list[str]) -> str:
    """One after another: with a space except where a sentence ends in a full stop as wide as a letter."""
    text = ""
    for sentence in sentences:
        text += sentence if not text or text[-1] in "。！？；" else f" {sentence}"
    return text
