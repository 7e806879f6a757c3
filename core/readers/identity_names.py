"""Whose samples are compared: the identities that names of samples tell of, where the truth of every pair agrees."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from core.readers.pair_list import Sides
from core.verification.scored_pairs import Identities

MOST = 10_000  # that names may tell of: of each, counts are held at every threshold

_NUMBER = re.compile(r"_[0-9]{1,9}(?:\.[A-Za-z][A-Za-z0-9]*)?$")


def _base(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


# From the most to the least common; the empty word where a name has no such part.
RULES: dict[str, Callable[[str], str]] = {
    "by the first folder of each name": lambda name: re.split(r"[/\\]", name)[0] if _base(name) != name else "",
    "by the folder of each name": lambda name: "/".join(re.split(r"[/\\]", name)[:-1]),
    "by the names without their numbers": lambda name: _NUMBER.sub("", _base(name)) if _NUMBER.search(name) else "",
    "by what stands before the first hyphen": lambda name: _base(name).partition("-")[0],
    "by what stands before the first underscore": lambda name: _base(name).partition("_")[0],
}


def named_identities(sides: Sides, is_same: np.ndarray) -> tuple[tuple[str, ...], np.ndarray, str] | None:
    """The sorted names of identities, their places (2, P) and the rule, for the first rule by which exactly the pairs
    of the same identity (P,) have one name on both sides; None where there is none, or where
    they would be more than MOST."""
    if sides.are_identities:
        return sides.names, sides.places, ""
    bare = list(map(_base, sides.names))
    for rule, part in RULES.items():
        words = [part(name) for name in sides.names]
        if "" in words or words == bare:
            continue
        identities = Identities()
        numbers = identities.numbered(words)
        places = identities.sorted_numbers(numbers)[sides.places]
        if np.array_equal(places[0] == places[1], is_same):
            if len(identities.names) > MOST:
                return None
            return identities.names, places, rule
    return None
