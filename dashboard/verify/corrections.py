"""What a reader says of a list that was understood otherwise than meant, each by one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.readers.pair_list import LARGER, NO_FOLDS, SMALLER, Corrections
from core.readers.understanding import Understanding
from core.verification.scored_pairs import LEFT_OUT, REFUSED
from dashboard.wording import say

CORRECTED = ("truth", "same", "closer", "folds", "failures")
FIRST, LAST, TEN_PARTS = "first", "last", "10"
IN_WORDS = {  # all other answers are words of the file
    FIRST: "upload.answer.first",
    LAST: "upload.answer.last",
    REFUSED: "upload.answer.refused",
    LEFT_OUT: "upload.answer.left_out",
    NO_FOLDS: "upload.answer.no_folds",
    TEN_PARTS: "upload.answer.ten_parts",
    LARGER: "upload.answer.larger",
    SMALLER: "upload.answer.smaller",
}


def corrections() -> Corrections:
    """What has been said of the files; where nothing tells, larger scores are closer, and failures count as refused."""
    values = {what: st.session_state.get(f"upload.{what}") or "" for what in CORRECTED}
    return Corrections(**values, failures_otherwise=REFUSED, closer_otherwise=LARGER)


def forget() -> None:
    """Drop what was said of the file before this one."""
    for what in CORRECTED:
        st.session_state.pop(f"upload.{what}", None)


def offer_corrections(understanding: Understanding | None, on_change: Callable[[], None]) -> None:
    """Those that make sense of what was understood, or where nothing was, all that may help; a click on a chosen one
    takes it back."""
    for what, options in _offered(understanding).items():
        chosen = st.session_state.get(f"upload.{what}")
        if chosen and chosen not in options:
            options = (*options, chosen)
        if options:
            st.segmented_control(
                say(f"upload.correction.{what}"),
                options,
                format_func=lambda option: say(IN_WORDS[option]) if option in IN_WORDS else option,
                key=f"upload.{what}",
                on_change=on_change,
                help=say("upload.correction.help"),
            )


def _offered(understanding: Understanding | None) -> Mapping[str, tuple[str, ...]]:
    if understanding is None:
        return {"truth": (FIRST, LAST), "failures": (REFUSED, LEFT_OUT)}
    return {
        "truth": understanding.columns if len(understanding.columns) > 1 else (),
        "same": understanding.words if len(understanding.words) == 2 else (),
        "closer": () if understanding.compared_by else (LARGER, SMALLER),
        "folds": (NO_FOLDS, TEN_PARTS),
        "failures": (REFUSED, LEFT_OUT) if understanding.failures else (),
    }
