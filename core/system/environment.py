"""Numbers that whoever starts a process may set in its environment."""

from __future__ import annotations

import os


def number_in(name: str, otherwise: float, *, is_whole: bool = False, is_above_zero: bool = True) -> float:
    """What a variable says, with or without GB behind it; ValueError for what is no such number."""
    told = os.environ.get(name, "").strip().removesuffix("GB")
    try:
        found = float(told) if told else otherwise
    except ValueError:
        found = -1.0
    is_in_range = 0 <= found < 1e9 and (found > 0 or not is_above_zero)
    if not is_in_range or (is_whole and found != int(found)):
        kind = "a whole number" if is_whole else "a number"
        least = "above 0" if is_above_zero else "from 0 on"
        raise ValueError(f"{name} must be {kind} {least}, got {told[:40]!r}. Leave it out for {otherwise:g}.")
    return found
