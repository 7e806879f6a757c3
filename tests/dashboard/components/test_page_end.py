"""Pages that end early: widgets that were left out are told to the browser anew, and what went wrong is a sentence."""

from __future__ import annotations

import re
import threading

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import page_end
from dashboard.components.page_end import ICON
from dashboard.components.turns import Turns


def page() -> None:
    import streamlit as st

    from dashboard.components import page_end

    def shown() -> None:
        if "waits" in st.session_state:
            st.text("waiting")
            page_end.end_page()
        if "number" not in st.session_state:
            st.session_state["number"] = 1.0
        st.number_input("Number", 0.0, 9.0, key="number")
        st.text("all")

    page_end.run(st.navigation([st.Page(shown, title="Page")]))


def drawn(app: AppTest) -> list[str]:
    app.run()
    assert not app.exception, app.exception
    return [text.value for text in app.text]


def test_a_widget_that_comes_again_after_the_page_ended_before_it_is_told_to_the_browser() -> None:
    app = AppTest.from_function(page)
    assert drawn(app) == ["all"] and app.number_input[0].proto.set_value
    assert drawn(app) == ["all"] and not app.number_input[0].proto.set_value, "the browser knows it"
    app.session_state["waits"] = True
    assert drawn(app) == ["waiting"] and not app.number_input
    del app.session_state["waits"]
    assert drawn(app) == ["all"] and app.number_input[0].proto.set_value


def failing() -> None:
    import sqlite3

    import streamlit as st

    from dashboard.components import page_end

    problems = {
        "value": ValueError("the run must be *whole*, got half of it. Restore it."),
        "file": OSError(28, "No space left on device", "/store/x"),
        "index": sqlite3.OperationalError("unable to open database file"),
        "bug": KeyError("name"),
    }

    def shown() -> None:
        st.text("what stands above")
        raise problems[st.session_state["problem"]]

    page_end.run(st.navigation([st.Page(shown, title="Page")]))


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("value", "the run must be *whole*, got half of it. Restore it."),
        ("file", "No space left on device: '/store/x'. See that the store is there, can be written and is not full;"),
        ("index", "unable to open database file. See that the store is there"),
    ],
)
def test_what_no_page_can_help_is_a_sentence_below_what_was_drawn(
    problem: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = AppTest.from_function(failing)
    app.session_state["problem"] = problem
    assert drawn(app) == ["what stands above"]
    (error,) = app.error
    assert told in error.value.replace("\\", "") and error.icon == ICON
    assert "run" in caplog.text and "Traceback" in caplog.text


def test_a_fault_of_a_page_stays_one_and_is_found_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(failing)
    app.session_state["problem"] = "bug"
    app.run()
    assert len(app.exception) == 1
    (error,) = app.error
    (number,) = re.findall(r"under ([0-9a-f]{8})\.", error.value)
    assert f"{number}: " in caplog.text and "Traceback" in caplog.text


def test_what_is_drawn_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, drawn = Turns(1), threading.Event()
    monkeypatch.setattr(page_end, "OF_PAGES", turns)
    page = threading.Thread(target=page_end.guarded(drawn.set), daemon=True)
    with turns.turn():
        page.start()
        assert not drawn.wait(0.2)
    assert drawn.wait(30)
