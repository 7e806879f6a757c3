"""Whether the page shows an example that nobody asked for."""

from __future__ import annotations

import streamlit as st

from dashboard.lookups import runs

EXAMPLE = "verify.example"


def shows_example(asked: str | None, name: str) -> bool:
    """Of a run that is shown where the address `asked` for this one or for none: a lesson, and nobody has chosen any
    since it was shown first."""
    if asked is None:
        st.session_state[EXAMPLE] = name
    elif asked != st.session_state.get(EXAMPLE):
        st.session_state.pop(EXAMPLE, None)
    return st.session_state.get(EXAMPLE) == name and name in runs.lessons()
