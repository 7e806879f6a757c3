"""Terms in a text as links that open them where they stand."""

from __future__ import annotations

import re

from dashboard.glossary.entries import found_in
from dashboard.settings import WORD

STRESSED = re.compile(r"(?P<stars>\*{1,2})(?=\S)(?P<text>[^*]+)(?<=\S)(?P=stars)")


def linked(text: str) -> str:
    """The text, Markdown, with each term a link where it first comes.

    Stars at an end of a term come into its link: between a bracket and a letter, as in Chinese, they would be read as
    stars.
    """
    stressed = list(STRESSED.finditer(text))
    parts: list[str] = []
    last = 0
    for start, end, term in found_in(text):
        around = next((one for one in stressed if one.start("text") <= start and end <= one.end("text")), None)
        stars = around["stars"] if around else ""
        is_first = around is not None and start == around.start("text") and not text[end].isspace()
        is_last = around is not None and end == around.end("text") and not text[start - 1].isspace()
        if is_first or is_last:
            before, opened = (text[last : start - len(stars)], "") if is_first else (text[last:start], stars)
            closed = "" if is_last else stars
            parts += [before, f"{opened}[{stars}{text[start:end]}{stars}]({WORD.link(term)}){closed}"]
            last = end + len(stars) * is_last
        else:
            parts += [text[last:start], f"[{text[start:end]}]({WORD.link(term)})"]
            last = end
    return "".join((*parts, text[last:]))
