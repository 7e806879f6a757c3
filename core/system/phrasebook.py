"""Sentences in another language, by templates: each has the words of a sentence with numbered places, beside its
translation.

A sentence is known again by the words between its places, and what fills them is translated in turn: an error may
quote another one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple, Self

DEEPEST = 4  # sentences within sentences
TOGETHER = 6  # sentences, at most, that one template is looked for in
MOST_LETTERS = 10_000  # of a text that is looked at at all
# A template of hardly any words, as "{0} of {1}", is one of a few words itself, not of every sentence that has them.
FEW_LETTERS, FEW_WORDS = 10, 8
PLACE = re.compile(r"\{(\d+)\}")
_ENDS = re.compile(r"(?<=[.!?]) (?=[A-Z0-9])|\n+")


class Template(NamedTuple):
    """The words between its places, from the first to the last, and the numbers of these places in order."""

    pieces: tuple[str, ...]
    numbers: tuple[int, ...]
    translation: str

    @property
    def says_little(self) -> bool:
        """Whether it takes short texts alone: it begins with a place, and has a word or two."""
        return (
            not self.pieces[0] and 0 < sum(letter.isalpha() for piece in self.pieces for letter in piece) <= FEW_LETTERS
        )

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
        if last == "." and _ENDS.search(text, place, end):  # that is more than one sentence
            return None
        return [*found, text[place:end]]


class Phrasebook:
    """A language's translation of each template: the whole sentences without places, and the others by their first
    word, '' where a place comes first."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        self.whole, self.by_word = dict[str, str](), dict[str, list[Template]]()
        # The longest first: "{0}, got {1}." knows many sentences that another template says more of.
        for template, translation in sorted(translations.items(), key=lambda pair: -len(PLACE.sub("", pair[0]))):
            numbers = tuple(map(int, PLACE.findall(template)))
            if numbers:
                pieces = tuple(PLACE.split(template.strip())[::2])
                self.by_word.setdefault(_first_word(template.strip()), []).append(
                    Template(pieces, numbers, translation)
                )
            else:
                self.whole[template.strip()] = translation
        self._kept = lru_cache(maxsize=4096)(self._in)

    @classmethod
    def of(cls, *files: Path) -> Self:
        """Out of TOML files; one that is not there knows nothing."""
        found: dict[str, str] = {}
        for file in files:
            found |= tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return cls(found)

    def translated(self, text: str) -> str:
        """The text in this language; what it does not know, and what is very long, as it is."""
        return text if len(text) > MOST_LETTERS else self._kept(text)

    def _in(self, text: str, depth: int = 0) -> str:
        bare = text.strip()
        if not bare or depth > DEEPEST:
            return text
        found = self.known(bare, depth)
        if found is None and len(parts := _ENDS.split(bare)) > 1:
            found = self._parted(parts, depth)
        return text if found is None else found

    def known(self, text: str, depth: int = 0) -> str | None:
        """The translation of a text that is one template; None where there is none."""
        if (whole := self.whole.get(text)) is not None:
            return whole
        is_long = text.count(" ") >= FEW_WORDS
        for template in (*self.by_word.get(text.split(" ", 1)[0], ()), *self.by_word.get("", ())):
            if is_long and template.says_little:
                continue
            if (found := template.fills(text)) is not None:
                fills = {
                    number: self._kept(fill, depth + 1) for number, fill in zip(template.numbers, found, strict=True)
                }
                return PLACE.sub(partial(_fill, fills), template.translation)
        return None

    def _parted(self, sentences: list[str], depth: int) -> str | None:
        """Sentences one after another, as many at once as a template knows; None where it knows none of them."""
        told, row, is_known = list[str](), 0, False
        while row < len(sentences):
            for end in range(min(len(sentences) if row else len(sentences) - 1, row + TOGETHER), row, -1):
                found = self.known(" ".join(sentences[row:end]), depth)
                if found is not None:
                    break
            else:
                found, end = None, row + 1
            told.append(sentences[row] if found is None else found)
            row, is_known = end, is_known or found is not None
        return joined(told) if is_known else None


def joined(sentences: list[str]) -> str:
    """One after another: with a space except where a sentence ends in a full stop as wide as a letter."""
    text = ""
    for sentence in sentences:
        text += sentence if not text or text[-1] in "。！？；" else f" {sentence}"
    return text


def _first_word(template: str) -> str:
    """The word that a text begins with, where it is whole before any place."""
    first = template.split(" ", 1)[0]
    return "" if "{" in first or " " not in template else first


def _fill(fills: Mapping[int, str], place: re.Match[str]) -> str:
    return fills[int(place[1])]
