"""Which column of a table is the label, the group, the session, the time or the name, by what it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.readers.column_names import word_of
from core.system.quoting import brief, shown

# The first of these that a table has is taken.
KNOWN = {
    "label": "label labels identity identity_id person person_id pid class class_name class_id cls target y subject "
    "subject_id speaker speaker_id name_of_identity",
    "group": "group groups group_id camera camera_id cam artist device source domain site",
    "session": "session sessions session_id visit recording",
    "time": "time timestamp date_time unix_time seconds frame",
    "name": "name names file file_name filename path file_path image_path image_name id key",
}
VECTOR = "embedding embeddings vector vectors feature features emb x".split()
IMAGE = "image images img picture photo".split()
ROLES = tuple(KNOWN)
NONE = "none"  # said of a role that no column has

_NUMBERED = re.compile(r"(?P<base>.*?)_?(?P<place>\d+)")


@dataclass(frozen=True)
class Meaning:
    """The column of each role that a table has; and those of the numbers, in their order."""

    columns: Mapping[str, str]
    values: tuple[str, ...] = field(default=())


def meaning_of(
    names: Sequence[str], chosen: Mapping[str, str], what: str, *, values: Sequence[str] = VECTOR
) -> Meaning:
    """Of the columns of a table; `chosen` says of a role which column it is, or NONE.

    The numbers stand in one column named as in `values`, or in columns with a common name and numbers from 0 or 1 on.
    Raises ValueError where a chosen column is not there, or there is none for the label or for the values.
    """
    words = {word_of(name): name for name in reversed(names)}
    for role, name in chosen.items():
        if name not in (*names, NONE):
            raise ValueError(
                f"the {role} of {shown(what)} must be one of its columns, got {shown(name)}. It has "
                f"{brief(', '.join(names))}."
            )
    found = {role: name for role, name in chosen.items() if name != NONE}
    taken = set(found.values())
    in_one = [words[word] for word in values if word in words and words[word] not in taken]
    numbers = (in_one[0],) if in_one else _numbered_columns([name for name in names if name not in taken])
    taken |= set(numbers)
    for role, known in KNOWN.items():
        if role not in chosen:
            fitting = [words[word] for word in known.split() if word in words and words[word] not in taken]
            if fitting:
                found[role] = fitting[0]
                taken.add(fitting[0])
    if "label" not in found:
        raise ValueError(
            f"{shown(what)} must have a column for the label, named label or identity, got {brief(', '.join(names))}. "
            "Name it, or say which one it is (--label NAME)."
        )
    if not numbers:
        raise ValueError(
            f"{shown(what)} must have its values in a column named {values[0]} or in columns x0, x1 and so on, got "
            f"{brief(', '.join(names))}. Name them so."
        )
    return Meaning(found, numbers)


def _numbered_columns(names: Sequence[str]) -> tuple[str, ...]:
    """The longest row of columns with one base and the numbers from 0 or 1 on, at least one."""
    bases: dict[str, dict[int, str]] = {}
    for name in names:
        if match := _NUMBERED.fullmatch(name.strip()):
            bases.setdefault(match["base"].lower(), {})[int(match["place"])] = name
    rows = [
        [places[number] for number in range(least, least + len(places))]
        for places in bases.values()
        if (least := min(places)) in (0, 1) and max(places) == least + len(places) - 1
    ]
    return tuple(max(rows, key=len, default=[]))
