"""What a reader did counts once, and the theme is the browser's."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.runs import state


def test_the_theme_is_that_of_the_browser() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.runs import state

        st.text(state.theme())

    assert AppTest.from_function(page).run().text[0].value == "light"


def test_what_a_reader_did_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    assert [state.fresh("clicked", value) for value in (None, 3, 3, 4, None)] == [None, 3, None, 4, None]
