"""Notes stand in one place above the page, each once, and one button closes them."""

from __future__ import annotations

import streamlit as st
from streamlit.testing.v1 import AppTest


def noting() -> None:
    import streamlit as st

    from dashboard import notices

    notices.begin(lambda names: st.session_state.update(closed=list(names)))
    st.text("below")
    if "closed" not in st.session_state:
        for name, sentence in (("epoch", "No *epoch* 9."), ("epoch", "Again."), ("anchor", "No anchor x.")):
            notices.add(name, sentence)


def test_each_setting_has_one_note_and_one_button_closes_all() -> None:
    app = AppTest.from_function(noting).run()
    assert [one.value for one in app.caption] == [
        ":material/info: No \\*epoch\\* 9\\.",
        ":material/info: No anchor x\\.",
    ]
    (button,) = app.button
    button.click().run()
    assert app.session_state["closed"] == ["epoch", "anchor"] and not app.caption and not app.button


def test_without_a_place_nothing_is_noted() -> None:
    from dashboard import notices

    assert notices.AREA not in st.session_state
    notices.add("epoch", "No epoch 9.")
