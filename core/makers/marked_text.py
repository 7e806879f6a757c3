"""Text between two markers of a paper: a maker writes it, a test compares it."""

from __future__ import annotations

import re
from pathlib import Path


def with_marked(text: str, name: str, content: str) -> str:
    """The text with `content` between its markers `<!-- name:begin -->` and `<!-- name:end -->`."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"the text must hold {begin} and then {end} once each, got other markers. Put them back.")
    between = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    return between.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def write_marked(file: Path, name: str, content: str) -> None:
    """Write `content` between the markers of a file."""
    file.write_text(with_marked(file.read_text(encoding="utf-8"), name, content), encoding="utf-8")
