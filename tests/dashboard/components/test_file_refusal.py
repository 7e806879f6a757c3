"""What the browser is told of files that no server is sent; what it does is tested in
tests/browser/test_first_visits.py."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def refusing() -> None:
    from dashboard.components.file_refusal import tell_of_refusals

    tell_of_refusals("refusal", 5, print)


def test_the_browser_is_told_the_largest_file() -> None:
    app = AppTest.from_function(refusing).run()
    assert not app.exception
    (sent,) = app.get("bidi_component")
    assert json.loads(sent.proto.json) == {"most": 5}
