"""Every sentence of the pages by its key, out of one catalogue, so that a second language can follow.

`words/en/` holds a file for each room of pages; the key of a sentence begins with the name of its file. Another
language is another folder beside it, chosen by METRIC_LAB_LANGUAGE; what it lacks is said in English.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

WORDS = Path(__file__).with_name("words")
ENGLISH = "en"


def say(key: str, **values: Any) -> str:
    """The sentence with these values in its places.

    Names out of files go through `markdown.plain` first. A key that is not there raises KeyError.
    """
    return _sentences(os.environ.get("METRIC_LAB_LANGUAGE") or ENGLISH)[key].format_map(values)


def count(key: str, number: int, **values: Any) -> str:
    """The sentence `key.one` or `key.other`, whichever this number of things takes; the number is its `number`."""
    return say(f"{key}.{'one' if number == 1 else 'other'}", number=number, **values)


def joined(what: Literal["sentences", "things", "clauses"], parts: Iterable[str]) -> str:
    """Sentences after one another, things in a list or clauses of a sentence, as the language sets them; what is empty
    is left out."""
    return say(f"joined.{what}").join(filter(None, parts))


def languages() -> list[str]:
    """Those that there is a folder of."""
    return sorted(folder.name for folder in WORDS.iterdir() if folder.is_dir())


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of one language by their keys, in the order of its files; ValueError where it is not there."""
    if language not in languages():
        known = ", ".join(languages())
        raise ValueError(f"METRIC_LAB_LANGUAGE must be one of {known}, got {language[:40]!r}. Choose one of these.")
    found: dict[str, str] = {}
    for file in sorted((WORDS / language).glob("*.toml")):
        found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), file.stem)
    return found


@cache
def _sentences(language: str) -> Mapping[str, str]:
    return {**catalogue(ENGLISH), **catalogue(language)}


def _flat(table: Mapping[str, Any], before: str) -> dict[str, str]:
    return dict(_entries(table, before))


def _entries(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{before}.{name}"
        if isinstance(value, Mapping):
            yield from _entries(value, key)
        else:
            yield key, value
