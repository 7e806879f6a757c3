"""A link with a button that copies it: what the browser is sent; what it does there is in browser/."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def page() -> None:
    from dashboard.components.copy_link import copy_link

    copy_link("Link", key="a", adds={"hide": "mine.map"}, without=("limit",))
    copy_link("Other", key="b", at="/verify?run=x")


def test_the_browser_is_sent_what_to_add_and_to_leave_out() -> None:
    app = AppTest.from_function(page).run()
    first, second = (json.loads(one.proto.json) for one in app.get("bidi_component"))
    assert first["label"] == "Link" and first["adds"] == {"hide": "mine.map"} and first["without"] == ["limit"]
    assert second["at"] == "/verify?run=x" and second["adds"] == {}
    assert set(first["words"]) == {"copy", "copied", "by_hand"}
