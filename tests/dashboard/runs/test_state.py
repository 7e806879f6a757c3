"""Which run or runs a page is about: those that its address names, if they are offered."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from tests.dashboard.verify_pages import named

pytestmark = pytest.mark.usefixtures("own_store")


def one() -> None:
    import streamlit as st

    from dashboard.runs import state

    st.text(f"{state.choose_run()} {state.theme()}")


def several() -> None:
    import streamlit as st

    from dashboard.runs import state

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
    assert opened(AppTest.from_function(one), run="nowhere").text[0].value == f"{run.folder.name} light"


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


def test_at_first_the_runs_are_the_lessons() -> None:
    assert opened(AppTest.from_function(several)).text[0].value == "digits-batch-hard,digits-semi-hard"
