"""What the browser is told of the menu of pages; what it does with it is tested in tests/browser/test_phone.py."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def closing() -> None:
    from dashboard.components.page_menu import close_on_choice

    close_on_choice()


def test_the_page_has_one_element_for_it() -> None:
    app = AppTest.from_function(closing).run()
    assert not app.exception and len(app.get("bidi_component")) == 1
