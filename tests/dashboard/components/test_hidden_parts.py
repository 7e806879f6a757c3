"""Parts of a page that are not shown."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from dashboard.components.hidden_parts import leave_out

    try:
        leave_out(st.session_state["asked"])
    except ValueError as problem:
        st.error(str(problem))


def drawn(*asked: str) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["asked"] = list(asked)
    return app.run()


def test_keys_become_a_style_sheet_of_their_classes() -> None:
    (style,) = drawn("mine.anchor", "mine.map.*").get("html")
    classes = '.st-key-mine-anchor.st-key-mine-anchor, [class*="st-key-mine-map-"]'
    assert style.proto.body == f"<style>{classes} {{ display: none }}</style>"
    assert not drawn().get("html")


@pytest.mark.parametrize("key", ["", "a b", "a{}", "</style>", "a,b", "*", "a*b", "ä"])
def test_what_is_no_key_never_comes_into_a_style_sheet(key: str) -> None:
    app = drawn("mine.anchor", key)
    assert not app.get("html") and "a hidden part must be named by a key" in app.error[0].value
