"""Names and words out of files, shown as they are written."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:])")


def plain(text: str) -> str:
    """The text for a place that reads Markdown: what is a mark there is only a character."""
    return _MARKUP.sub(r"\\\1", text)
