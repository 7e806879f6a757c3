"""What the reader's browser shows, and what the reader just did."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st


def theme() -> Literal["light", "dark"]:
    """What the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def fresh(what: str, value: Any) -> Any:
    """The value where it differs from the last time, otherwise None: what a reader did counts once."""
    before, st.session_state[what] = st.session_state.get(what), value
    return value if value != before else None
