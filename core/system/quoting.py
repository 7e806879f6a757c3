"""What a file or a library says, short enough to be quoted in one sentence."""

from __future__ import annotations

LONGEST_SHOWN = 100  # characters of a value that an error quotes


def shown(text: str) -> str:
    """The text as an error quotes it: in quotes, on one line, and cut where it is long."""
    return repr(_cut(text))


def brief(value: object) -> str:
    """The first line of what a library says, or of a list of names, cut where it is long."""
    return _cut(" ".join(str(value).partition("\n")[0].split()).rstrip(". ")) or type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
