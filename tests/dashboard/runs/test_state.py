"""Which run or runs a page is about: those that its address names, if they are offered."""

from __future__ import annotations

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from dashboard.runs import state
from tests.dashboard.pages import notes
from tests.dashboard.verify_pages import named

pytestmark = pytest.mark.usefixtures("own_store")


def one() -> None:
    import streamlit as st

    from dashboard.runs import state

    st.text(f"{state.choose_run()} {state.theme()}")


def several() -> None:
    import streamlit as st

    from dashboard import notices
    from dashboard.runs import state

    notices.begin(print)
    st.text(",".join(state.choose_runs("Runs", 2)))


def opened(page: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def test_the_run_is_that_of_the_address_or_the_newest(run: Run) -> None:
    assert opened(AppTest.from_function(one)).text[0].value == f"{run.folder.name} light"
    page = opened(AppTest.from_function(one), run="digits-softmax")
    assert page.text[0].value == "digits-softmax light"
    assert "digits · softmax · recorded" in page.selectbox[0].options


def test_an_unknown_run_is_not_replaced_by_another(run: Run) -> None:
    page = opened(AppTest.from_function(one), run="nowhere")
    assert page.text[0].value == "light" and page.selectbox[0].value is None
    page.selectbox[0].select("digits-batch-hard").run()
    assert named(page, "run") == "digits-batch-hard" == page.text[0].value.split()[0]


def test_the_newest_run_is_named_in_the_address_without_a_step_in_its_history(run: Run) -> None:
    page = opened(AppTest.from_function(one))
    (sent,) = page.get("bidi_component")
    assert json.loads(sent.proto.json)["query"] == f"run={run.folder.name}"


def test_another_run_that_is_chosen_stands_in_the_address() -> None:
    page = opened(AppTest.from_function(one), run="digits-softmax")
    page.selectbox[0].select("digits-batch-hard").run()
    assert named(page, "run") == "digits-batch-hard" == page.text[0].value.split()[0]


def test_a_store_without_runs_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.lookups.runs.choosable", lambda only_trained: {})
    page = opened(AppTest.from_function(one))
    assert "Start one on the Train page" in page.info[0].value and not page.text


def test_runs_are_those_of_the_address_as_many_as_fit() -> None:
    asked = "digits-softmax,nowhere,digits-batch-hard,digits-semi-hard"
    page = opened(AppTest.from_function(several), runs=asked)
    assert page.text[0].value == "digits-softmax,digits-batch-hard"
    page.multiselect[0].unselect("digits-softmax").run()
    assert named(page, "runs") == "digits-batch-hard" == page.text[0].value


def test_runs_that_cannot_be_shown_are_said() -> None:
    asked = "digits-softmax,nowhere,digits-batch-hard,digits-semi-hard"
    (note,) = notes(opened(AppTest.from_function(several), runs=asked))
    assert note == (
        f"The address asks for the runs “{asked}”, of which nowhere cannot be shown here. "
        "Shown instead: digits · softmax · recorded, digits · batch-hard · recorded."
    )
    (note,) = notes(opened(AppTest.from_function(several), runs="digits-softmax,digits-batch-hard,digits-semi-hard"))
    assert "which are more than 2" in note


def test_at_first_the_runs_are_the_lessons() -> None:
    assert opened(AppTest.from_function(several)).text[0].value == "digits-batch-hard,digits-semi-hard"


def test_what_a_reader_did_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    assert [state.fresh("clicked", value) for value in (None, 3, 3, 4, None)] == [None, 3, None, 4, None]
