"""WebDataset: a tar archive whose files of one key are one sample, an image with its label beside it.

The key of a file is its name up to the first dot after the last slash, the rest is what it holds: a.b/c.seg.png has
the key a.b/c and holds seg.png. A label is what .cls or .txt says, or a field of .json; files of one sample follow one
another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.admission.brought import Brought, LeftOut
from core.admission.column_meaning import KNOWN, NONE
from core.admission.decoding import decoded
from core.admission.entry import Entry
from core.admission.image_files import ImageRows, is_image_name
from core.admission.preparation import Preparation
from core.readers.column_names import word_of
from core.system.quoting import shown

LABELS = ("cls", "cls.txt", "label", "txt")
LONGEST_LABEL = 200  # bytes of a file with nothing but a label


def is_web_dataset(names: Iterable[str]) -> bool:
    """Whether among these names of files one has an image and a label beside it, under one key."""
    held: dict[str, set[str]] = {}
    for name in names:
        key, what = split(name)
        held.setdefault(key, set()).add(what)
    return any(
        any(is_image_name(f"x.{what}") for what in those) and those & {*LABELS, "json"} for those in held.values()
    )


def split(name: str) -> tuple[str, str]:
    """The name of a file -> its key, and what it holds, in small letters."""
    folder, slash, base = name.rpartition("/")
    stem, _, what = base.partition(".")
    return f"{folder}{slash}{stem}", what.lower()


def read_web_dataset(
    entries: Iterable[Entry],
    chosen: Mapping[str, str],
    preparation: Preparation,
    scratch: Path,
    *,
    told: Callable[[float], None],
    memory: int | None = None,
) -> Brought:
    """One sample of each key that has an image and a label; all others are left aside, with the reason."""
    aside = LeftOut()
    known: list[dict[str, Any]] = []
    found = ImageRows(scratch, told)
    cells: dict[str, list[Any]] = {}

    def images() -> Iterator[Entry]:
        for key, held in _samples(entries):
            image = next((entry for what, entry in held.items() if is_image_name(f"x.{what}")), None)
            columns = _columns(held, chosen)
            if image is None:
                aside.add(key, "it has no image")
            elif "label" not in columns:
                aside.add(key, "it has no label beside it")
            else:
                known.append(columns)
                yield image._replace(name=key)

    try:
        for number, one in enumerate(decoded(images(), preparation, memory=memory)):
            if found.take(one):
                for role in KNOWN:
                    cells.setdefault(role, []).append(known[number].get(role))
            known[number] = {}
        columns = {role: column for role, column in cells.items() if any(cell is not None for cell in column)}
        columns.pop("name", None)
        return found.brought(columns, preparation, aside)
    finally:
        found.close()


def _samples(entries: Iterable[Entry]) -> Iterator[tuple[str, dict[str, Entry]]]:
    """Files that follow one another with one key, by what they hold."""
    last = ""
    held: dict[str, Entry] = {}
    for entry in entries:
        key, what = split(entry.name)
        if held and key != last:
            yield last, held
            held = {}
        last = key
        held[what] = entry
    if held:
        yield last, held


def _columns(held: Mapping[str, Entry], chosen: Mapping[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "json" in held and not held["json"].refusal:
        columns = _of_json(held["json"], chosen)
    for what in LABELS:
        if "label" not in columns and what in held and not held[what].refusal:
            words = held[what].content[: LONGEST_LABEL + 1].decode("utf-8", "backslashreplace").strip()
            if words and len(words) <= LONGEST_LABEL:
                columns["label"] = words
    return columns


def _of_json(entry: Entry, chosen: Mapping[str, str]) -> dict[str, Any]:
    try:
        said = json.loads(entry.content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    plain = {name: cell for name, cell in said.items() if isinstance(cell, str | int | float | bool)}
    words = {word_of(name): cell for name, cell in plain.items()}
    columns: dict[str, Any] = {}
    for role, known in KNOWN.items():
        if role in chosen:
            name = chosen[role]
            if name != NONE and name not in plain:
                raise ValueError(
                    f"the {role} must be a field of every .json, got none named {shown(name)} in "
                    f"{shown(entry.name)}. Choose another."
                )
            columns |= {role: plain[name]} if name != NONE else {}
        else:
            fitting = [words[word] for word in known.split() if word in words]
            columns |= {role: fitting[0]} if fitting else {}
    return columns
