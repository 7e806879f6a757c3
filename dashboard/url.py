"""Choices that stand in the URL by their own short names: Streamlit's binding would put there the words that are shown,
which change with every better word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def addressed(name: str, offered: Sequence[str]) -> tuple[str, Callable[[], None]]:
    """Key and `on_change` of a widget that offers these; it stands at what the URL says of `name`, or at the first."""
    key, asked = f"addressed.{name}", st.query_params.get(name)
    wanted = asked if asked in offered else offered[0]
    if st.session_state.get(key) != wanted:  # at first, on a way back in the browser, and where it is offered no more
        st.session_state[key] = wanted

    def keep() -> None:
        if st.session_state[key] is not None:  # as when the widget is drawn again after a while without it
            st.query_params[name] = st.session_state[key]

    return key, keep
