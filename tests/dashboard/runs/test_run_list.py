"""The list of runs: the run or runs of a page are chosen in it."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.entry import Entry
from core.runs.run_folder import Run
from core.runs.store import Row, Store
from dashboard.lookups import listed_runs
from dashboard.lookups.listed_runs import Group
from dashboard.runs import run_list
from tests.dashboard.made_runs import EXPERIMENT
from tests.dashboard.pages import chosen_in_the_list, list_of_runs, notes
from tests.dashboard.verify_pages import named

pytestmark = pytest.mark.usefixtures("own_store")


def one() -> None:
    import streamlit as st

    from dashboard.runs import run_list

    st.text(f"{run_list.choose_run()}")


def several() -> None:
    import streamlit as st

    from dashboard import notices
    from dashboard.runs import run_list

    notices.begin(print)
    st.text(",".join(run_list.choose_runs(2)))


def opened(page: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def test_the_run_is_that_of_the_address_or_the_newest(run: Run) -> None:
    assert opened(AppTest.from_function(one)).text[0].value == run.folder.name
    page = opened(AppTest.from_function(one), run="digits-softmax")
    assert page.text[0].value == "digits-softmax"


def test_an_unknown_run_is_not_replaced_by_another(run: Run) -> None:
    page = opened(AppTest.from_function(one), run="nowhere")
    assert not page.text[0].value
    chosen_in_the_list(page, "digits-batch-hard")
    assert named(page, "run") == "digits-batch-hard" == page.text[0].value


def test_the_newest_run_is_named_in_the_address_without_a_step_in_its_history(run: Run) -> None:
    page = opened(AppTest.from_function(one))
    (sent,) = page.get("bidi_component")
    assert json.loads(sent.proto.json)["query"] == f"run={run.folder.name}"


def test_another_run_that_is_chosen_stands_in_the_address() -> None:
    page = opened(AppTest.from_function(one), run="digits-softmax")
    chosen_in_the_list(page, "digits-batch-hard")
    assert named(page, "run") == "digits-batch-hard" == page.text[0].value


def test_a_store_without_runs_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.lookups.runs.choosable", lambda only_trained: {})
    page = opened(AppTest.from_function(one))
    assert "Start one on the Train page" in page.info[0].value and [text.value for text in page.text] == [""]


def test_runs_are_those_of_the_address_as_many_as_fit() -> None:
    asked = "digits-softmax,nowhere,digits-batch-hard,digits-semi-hard"
    page = opened(AppTest.from_function(several), runs=asked)
    assert page.text[0].value == "digits-softmax,digits-batch-hard"
    chosen_in_the_list(page, "digits-softmax")
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


def titles(app: AppTest) -> list[str]:
    """The lines of the list, in their order."""
    return [button.label for button in app.button if (button.key or "").startswith("runs.pick.")]


def test_no_line_is_drawn_before_the_list_is_open(run: Run) -> None:
    page = opened(AppTest.from_function(one))
    assert not titles(page)
    list_of_runs(page)
    assert len(titles(page)) == 5 and titles(page)[0].startswith("**")


def test_words_and_a_group_leave_the_lines_that_say_them(run: Run) -> None:
    page = list_of_runs(opened(AppTest.from_function(one)))
    page.text_input(key="runs.words").set_value("RECORDED soft").run()
    assert titles(page) == ["digits · softmax · recorded"]
    page.text_input(key="runs.words").set_value("nothing of that").run()
    assert not titles(page) and "No run says that." in [caption.value for caption in page.caption]
    page.text_input(key="runs.words").set_value("").run()
    page.pills(key="runs.group").set_value(Group.OWN).run()
    assert len(titles(page)) == 1


def test_many_runs_are_listed_by_and_by(empty_store: Store) -> None:
    for number in range(40):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", f"run {number}")
    page = list_of_runs(opened(AppTest.from_function(one)))
    assert len(titles(page)) == run_list.LINES and titles(page)[0] == "run 39"
    page.button(key="runs.more").click().run()
    assert len(titles(page)) == 2 * run_list.LINES
    page.text_input(key="runs.words").set_value("run").run()
    assert len(titles(page)) == run_list.LINES


def test_a_tag_stands_as_it_was_written_below_the_title() -> None:
    row = Row("0" * 32, "run", "", {}, "", entry=Entry(tags='["semi-hard", "a`b"]', note="2 * 3"))
    below = run_list._below(listed_runs.ListedRun(row.id, row.title, row), "finished")
    assert below == "finished `semi-hard` `` a`b ``  \n2 \\* 3"
