"""What a reader may say of a list, what has been said, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.readers.pair_list import LARGER, NO_FOLDS, Corrections
from core.readers.understanding import Understanding
from core.verification.scored_pairs import LEFT_OUT, REFUSED, Failures
from dashboard.verify import corrections
from dashboard.wording import say
from tests.dashboard.verify_pages import group

LISTED = Understanding("trials.txt", "trials", 5, 5, "first", columns=("first", "last"), words=("0", "1"))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    state: dict[str, str] = {}
    monkeypatch.setattr(st, "session_state", state)
    yield state


def test_nothing_is_said_at_first_and_two_things_go_without_saying(session: dict[str, str]) -> None:
    assert corrections.corrections() == Corrections(failures_otherwise=REFUSED, closer_otherwise=LARGER)


def test_what_was_said_counts_until_it_is_forgotten(session: dict[str, str]) -> None:
    session |= {"upload.truth": "last", "upload.folds": NO_FOLDS, "upload.file": "mine.csv"}
    said = corrections.corrections()
    assert (said.truth, said.folds, said.same) == ("last", NO_FOLDS, "")
    corrections.forget()
    assert session == {"upload.file": "mine.csv"} and corrections.corrections().truth == ""


def page() -> None:
    import streamlit as st

    from dashboard.verify.corrections import corrections, offer_corrections

    def count() -> None:
        st.session_state["changes"] = st.session_state.get("changes", 0) + 1

    offer_corrections(st.session_state["understanding"], count)
    st.text(f"{corrections().failures} {st.session_state.get('changes', 0)}")


def opened(understanding: Understanding | None, **said: str) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["understanding"] = understanding
    for what, option in said.items():
        app.session_state[f"upload.{what}"] = option
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize(
    ("understanding", "offered"),
    [
        (None, {"truth", "failures"}),
        (LISTED, {"truth", "same", "closer", "folds"}),
        (Understanding("mine.csv", "pairs", 5, 5, "is_same", compared_by="cosine"), {"folds"}),
        (Understanding("mine.csv", "pairs", 5, 5, "x", failures=Failures(2, REFUSED)), {"closer", "folds", "failures"}),
    ],
)
def test_what_makes_sense_is_offered(understanding: Understanding | None, offered: set[str]) -> None:
    app = opened(understanding)
    assert {found.label for found in app.get("button_group")} == {say(f"upload.correction.{what}") for what in offered}


def test_a_click_is_heard_and_a_second_one_takes_it_back() -> None:
    app = opened(None)
    failures = say("upload.correction.failures")
    group(app, failures).set_value(LEFT_OUT).run()
    assert app.text[0].value == f"{LEFT_OUT} 1"
    group(app, failures).set_value(None).run()
    assert app.text[0].value == "2"


def test_what_was_said_stays_on_offer_where_nothing_asks_for_it_any_more() -> None:
    app = opened(LISTED, failures=LEFT_OUT)
    assert group(app, say("upload.correction.failures")).value == LEFT_OUT
