"""The end of a page before its last line, wanted or not."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from functools import wraps
from secrets import token_hex
from typing import Any, NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.components.turns import OF_PAGES
from dashboard.core_words import plain_words
from dashboard.wording import say

ICON = ":material/heart_broken:"
# What a damaged run, a full disk or a store out of reach raises, each with a sentence.
PROBLEMS = (ValueError, OSError, sqlite3.Error)
log = logging.getLogger(__name__)


class PageEnd(Exception):
    """A page shows nothing more."""


def end_page() -> NoReturn:
    """Draw nothing more of the page.

    Not `st.stop`, after which the server remembers widgets that the browser has forgotten: where they come again, it
    takes the browser to show what they say, and a number shows its minimum and a choice nothing.
    """
    raise PageEnd


def run(page: StreamlitPage) -> None:
    """Draw the page up to its end; see `guarded`."""
    guarded(page.run)()


def guarded(draw: Callable[..., Any]) -> Callable[..., None]:
    """What draws a page or a part that is looked at again, when its turn has come: where it fails by no fault of the
    page, one sentence says by what, below what is drawn already, and the log has the rest."""

    @wraps(draw)
    def drawn(*arguments: Any, **named: Any) -> None:
        try:
            with OF_PAGES.turn():
                draw(*arguments, **named)
        except PageEnd:
            pass
        except PROBLEMS as problem:
            log.exception("%s.%s", draw.__module__, draw.__qualname__)
            st.error(_sentence(problem), icon=ICON)
        except Exception:
            number = token_hex(4)
            log.exception("%s: %s.%s", number, draw.__module__, draw.__qualname__)
            st.error(say("pages.failed", id=number), icon=ICON)
            raise  # Streamlit shows its kind alone

    return drawn


def _sentence(problem: Exception) -> str:
    """In plain words, however a run is called."""
    if isinstance(problem, ValueError):
        return plain_words(problem)
    return say("pages.out_of_reach", problem=plain_words(problem))
