"""What the browser is told about the address; what it does with it is tested in tests/browser/test_links.py."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def naming() -> None:
    from dashboard.components.address import name_in_place

    name_in_place("run=a&anchor=3", before="", page="mine", key="address")


def test_the_browser_is_told_what_the_address_of_which_page_says() -> None:
    app = AppTest.from_function(naming).run()
    assert not app.exception
    (sent,) = app.get("bidi_component")
    assert json.loads(sent.proto.json) == {"query": "run=a&anchor=3", "before": "", "page": "mine"}
