"""Names and words out of files, shown as they are written, and tables of them."""

import html
import re
from collections.abc import Iterable, Sequence

_COMMANDS = re.compile(r" \((?:--|python -m core)[^)]*\)")
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:])")


def plain(text: str) -> str:
    """The text for a place that reads Markdown: what is a mark there is only a character."""
    return _MARKUP.sub(r"\\\1", text)


def as_code(text: str) -> str:
    """The text as code, where Markdown takes back no backslash: between more backticks than it has in a row."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""  # one space on each side is no part of the code
    return f"{fence}{space}{text}{space}{fence}"


def without_commands(text: str) -> str:
    """A sentence of the core without the words in brackets that only a command line understands."""
    return _COMMANDS.sub("", text)


def in_figure(text: str) -> str:
    """The text for a title or a legend that plotly draws: it reads some tags of HTML there, links among them."""
    return html.escape(text, quote=False)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Words in columns, in Markdown: the first column on the left, numbers on the right; cells are of Markdown."""
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
