"""Which language a reader has: what the address names, else what the server was started with for all, else the first
one of the browser, else English; and the switch at the end of every page."""

from __future__ import annotations

import streamlit as st

from dashboard import wording
from dashboard.components import page_language
from dashboard.settings import LANGUAGE
from dashboard.wording import ENGLISH, catalogue, languages, say


def choose() -> None:
    """Before anything of a page is drawn: its sentences are of this language from here on."""
    asked = LANGUAGE.text
    wanted = (LANGUAGE.read(asked) if asked else "", wording.of_server(), LANGUAGE.read(st.context.locale or ""))
    known = languages()
    wording.use(next((one for one in wanted if one in known), ENGLISH))


def begin() -> None:
    """Where a page begins, say so if the address names a language that is not there, and tell the browser which one it
    reads."""
    LANGUAGE.value(wording.language(), languages(), shown=_named(wording.language()))
    page_language.tell(wording.language())


def switch() -> None:
    """The languages that there are, to choose from; the address keeps everything else."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key="language"):
        for one in languages():
            is_here = one == wording.language()
            st.button(
                _named(one),
                key=f"language.{one}",
                type="tertiary",
                disabled=is_here,
                help=None if is_here else say("language.help", language=_named(one)),
                on_click=_take,
                args=(one,),
            )


def _take(language: str) -> None:
    wording.use(language)
    LANGUAGE.keep(language)


def _named(language: str) -> str:
    """What a language calls itself."""
    return catalogue(language).get("language.called", language)
