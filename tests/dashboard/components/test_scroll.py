"""What the browser is told to bring into view; what it does then is tested in tests/browser/test_explore.py."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def asking() -> None:
    import streamlit as st

    from dashboard.components import scroll

    st.button("Ask", on_click=scroll.bring_into_view, args=("answer",))
    with st.container(key="answer"):
        st.write("here")
    scroll.follow("answer")


def test_each_click_asks_once_more() -> None:
    app = AppTest.from_function(asking).run()
    for number in (0, 1, 2):
        (sent,) = app.get("bidi_component")
        assert not app.exception and json.loads(sent.proto.json) == {"key": "answer", "number": number, "at": "nearest"}
        app.button[0].click().run()
