"""What the browser is told of the page's language; what it does with it is tested in tests/browser/test_language.py."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest


def telling() -> None:
    from dashboard.components.page_language import tell

    tell("zh")


def test_the_page_has_one_element_for_it() -> None:
    app = AppTest.from_function(telling).run()
    assert not app.exception
    assert [json.loads(one.proto.json) for one in app.get("bidi_component")] == [{"language": "zh"}]
