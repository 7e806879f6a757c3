"""Terms in a text as links that open them where they stand."""

from __future__ import annotations

from dashboard.glossary.entries import found_in
from dashboard.settings import WORD


def linked(text: str) -> str:
    """The text, Markdown, with each term a link where it first comes."""
    parts: list[str] = []
    last = 0
    for start, end, term in found_in(text):
        parts += [text[last:start], f"[{text[start:end]}]({WORD.link(term)})"]
        last = end
    return "".join((*parts, text[last:]))
