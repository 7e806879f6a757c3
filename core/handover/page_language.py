"""A page of HTML that was written in English, in another language: sentence by sentence, whatever is marked in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

INLINE = "strong|code|span|br|b|i|em"
_TAG = re.compile(r"(<style.*?</style>|<pre.*?</pre>|<code.*?</code>|<!--.*?-->|<[^>]*>)", re.DOTALL)
_INLINE = re.compile(rf"</?(?:{INLINE})\b[^>]*>|<code.*?</code>", re.DOTALL)
_LABEL = re.compile(r'(aria-label=")([^"]*)(")')
FIRST, LAST = 0xE000, 0xF8FF  # letters of nobody's alphabet, which stand for marks within a sentence
_MARK = rf"[{chr(FIRST)}-{chr(LAST)}]"
_ENDS = re.compile(rf"((?<=[.!?]){_MARK}+ ?(?=[A-Z])|(?<=[.!?]) {_MARK}+)")
_EDGES = re.compile(rf"((?:\s|{_MARK})*)(.*?)((?:\s|{_MARK})*)", re.DOTALL)
WIDE_STOP = "。"


def in_language(page: str, language: str, translated: Callable[[str], str]) -> str:
    """The page with every sentence, and what figures are called, as `translated` says it."""
    marks: list[str] = []
    told, block = list[str](), ""
    for part in _TAG.split(page):
        if _INLINE.fullmatch(part) and len(marks) <= LAST - FIRST:
            block += chr(FIRST + len(marks))
            marks.append(part)
        elif part.startswith("<"):
            told += [_block(block, translated), _LABEL.sub(lambda of: _attribute(of, translated), part)]
            block = ""
        else:
            block += part
    text = "".join([*told, _block(block, translated)])
    text = re.sub(_MARK, lambda mark: marks[ord(mark[0]) - FIRST], text)
    return text.replace('<html lang="en">', f'<html lang="{escape(language)}">', 1)


def _block(text: str, translated: Callable[[str], str]) -> str:
    """What stands between two tags that end a line: its sentences one by one where a mark stands between them."""
    return "".join(part if place % 2 else _sentence(part, translated) for place, part in enumerate(_ENDS.split(text)))


def _sentence(text: str, translated: Callable[[str], str]) -> str:
    before, said, after = _EDGES.fullmatch(text).groups()  # type: ignore[union-attr]
    bare = " ".join(unescape(said).split())
    if not bare:
        return text
    found = translated(bare)
    if found == bare and (plain := re.sub(_MARK, "", bare)) != bare and (without := translated(plain)) != plain:
        found = without  # what is marked within it has another place there, and stays unmarked
    # A sentence that is known without its stop, which a place at its end would take in.
    if bare[-1] == "." and found[-1] != WIDE_STOP and (without := translated(bare[:-1])) != bare[:-1]:
        found = without + WIDE_STOP
    return before + (said if found == bare else escape(found)) + after


def _attribute(of: re.Match[str], translated: Callable[[str], str]) -> str:
    return f"{of[1]}{escape(translated(unescape(of[2])))}{of[3]}"
