"""What the glossary says of a term in the reader's language, and where a text has the term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dashboard.components.routes import drawing_url
from dashboard.glossary.pictures import album
from dashboard.glossary.terms import TERMS
from dashboard.palette import Theme
from dashboard.wording import ENGLISH, catalogue, language, say

# Parts of Markdown that are left as they are: links and colours, code, formulas, icons, bare addresses.
LEFT_ALONE = re.compile(r"!?\[[^\]]*\]\([^)]*\)|`[^`]*`|\$[^$]*\$|:material/\w+:|https?://\S+")
ABBREVIATION = re.compile(r"[A-Z]{2}|[a-z][A-Z]|@")
LATIN = re.compile(r"[A-Za-z]")
EDGES_OF_WORDS = (r"(?<![A-Za-z0-9@-])", r"(?![A-Za-z0-9@-])")


@dataclass(frozen=True)
class Entry:
    """A term as it is shown: its name, others that it goes by, one sentence and what its picture shows."""

    term: str
    name: str
    others: tuple[str, ...]
    sentence: str
    alt: str

    def picture(self, theme: Theme) -> str:
        """Where its picture is."""
        return drawing_url(album.digest(), theme, self.term)

    @property
    def forms(self) -> tuple[str, ...]:
        """All names that it goes by."""
        return (self.name, *self.others)


def entry(term: str) -> Entry:
    """What is said of it here and now."""
    name = say(f"glossary.term.{term}.name")
    has_others = f"glossary.term.{term}.also" in catalogue(language())
    others = _listed(say(f"glossary.term.{term}.also")) if has_others else []
    english = catalogue(ENGLISH)[f"glossary.term.{term}.name"]
    scene = next(scene for scene, drawings in album.SCENES.items() if term in drawings)
    alt = say(f"glossary.picture.{scene}", name=name)
    return Entry(term, *_apart(name, *others, english), sentence_of(term), alt)


def entries() -> list[Entry]:
    """All of them, in the order of learning."""
    return [entry(term) for term in TERMS]


def sentence_of(term: str) -> str:
    """Its sentence alone."""
    return say(f"glossary.term.{term}.text")


def names_in(term: str, named: str) -> tuple[str, ...]:
    """All names of a term in one language, and at the end the English one, which papers have."""
    words = catalogue(named)
    others = _listed(words[key]) if (key := f"glossary.term.{term}.also") in words else []
    name, english = (one[f"glossary.term.{term}.name"] for one in (words, catalogue(ENGLISH)))
    first, rest = _apart(name, *others, english)
    return first, *rest


def found_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a text first has each term, as the places of its first and last letter and its key, in their order."""
    seen: set[str] = set()
    taken = [match.span() for match in LEFT_ALONE.finditer(text)]
    pattern, keys = _pattern(language())
    for match in pattern.finditer(text):
        term = keys.get(match[0]) or keys[_plain(match[0])]
        start, end = match.span()
        is_free = not any(start < last and first < end for first, last in taken)
        stands_out = text[start - 1 : start] == "*" and text[end : end + 1] == "*"
        if is_free and term not in seen and (stands_out or not TERMS[term].is_common):
            seen.add(term)
            yield start, end, term


def _apart(name: str, *others: str) -> tuple[str, tuple[str, ...]]:
    """The name, and what else the term is called, each once."""
    return name, tuple(dict.fromkeys(other for other in others if other != name))


def _listed(names: str) -> list[str]:
    return [name for name in re.split(", |、", names) if name]


@cache
def _pattern(named: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all forms of all terms, the longest first, and the term of each form as it is compared."""
    keys: dict[str, str] = {}
    for term in TERMS:
        for form in names_in(term, named):
            if ABBREVIATION.search(form):
                keys.setdefault(form, term)
                continue
            keys.setdefault(_plain(form), term)
            if named == ENGLISH and form[-1].islower():
                keys.setdefault(_plain(_plural(form)), term)
    longest = sorted(keys, key=lambda form: (-len(form), not ABBREVIATION.search(form), form))
    return re.compile("|".join(map(_as_pattern, longest)), re.IGNORECASE), keys


def _plain(form: str) -> str:
    """As forms are compared: a hyphen is a blank, and capitals count for nothing."""
    return form.lower().replace("-", " ")


def _plural(form: str) -> str:
    return f"{form[:-1]}ies" if form.endswith(("ty", "gy", "ry")) else f"{form}{'es' if form.endswith('s') else 's'}"


def _as_pattern(form: str) -> str:
    """Whole words, with hyphens or blanks between them; Chinese has neither. Abbreviations are as they are written."""
    before, after = EDGES_OF_WORDS
    inside = re.escape(form).replace(r"\ ", "[ -]")
    if ABBREVIATION.search(form):
        inside = f"(?-i:{inside})"
    return f"{before if LATIN.match(form[0]) else ''}{inside}{after if LATIN.match(form[-1]) else ''}"
