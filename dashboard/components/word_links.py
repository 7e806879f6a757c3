"""Links to terms of the glossary that are followed without a new page, by an element that shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components import v2


def follow_words(chosen: Callable[[str], None], *, key: str, inside: bool, word: str = "") -> None:
    """Have `chosen` told the word of a link that is followed in the page or, `inside`, in the drawer of words, where
    `word` is brought into view when it is another than before."""

    def tell() -> None:
        if asked := st.session_state[key].get("word"):
            chosen(asked)

    _component()(key=key, data={"inside": inside, "word": word}, height=1, on_word_change=tell)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("word_links.js").read_text(encoding="utf-8")
    return v2.component("metric_lab.word_links", js=script, isolate_styles=False)
