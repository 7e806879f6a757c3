"""What the browser is told of links to words; what it does is tested in tests/browser/test_words.py."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def following() -> None:
    from dashboard.components.word_links import follow_words

    follow_words(print, key="page", inside=False)
    follow_words(print, key="drawer", inside=True, word="margin")


def test_one_listens_to_the_page_and_one_to_the_drawer() -> None:
    app = AppTest.from_function(following).run()
    assert not app.exception
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    assert sent == [{"inside": False, "word": ""}, {"inside": True, "word": "margin"}]
