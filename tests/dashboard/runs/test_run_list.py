"""The list of runs: the run or runs of a page are chosen in it, and what is done there to a run can be undone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups.listed_runs import Group
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import chosen_in_the_list, list_of_runs, notes, pressed
from tests.dashboard.pages import opened as opened_page
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
    assert "Start one on the Train page" in page.info[0].value and not page.text


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


def other_run(store: Store) -> Run:
    return made_run(store.root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


def test_no_line_is_drawn_before_the_list_is_open(run: Run) -> None:
    page = opened(AppTest.from_function(one))
    assert not titles(page)
    list_of_runs(page)
    assert len(titles(page)) == 4 and titles(page)[0].startswith("**")


def test_words_and_a_group_leave_the_lines_that_say_them(run: Run) -> None:
    page = list_of_runs(opened(AppTest.from_function(one)))
    page.text_input(key="runs.words").set_value("RECORDED soft").run()
    assert titles(page) == ["digits · softmax · recorded"]
    page.text_input(key="runs.words").set_value("nothing of that").run()
    assert not titles(page) and "No run says that." in [caption.value for caption in page.caption]
    page.text_input(key="runs.words").set_value("").run()
    page.pills(key="runs.group").set_value(Group.OWN).run()
    assert len(titles(page)) == 1


def test_a_title_and_a_note_are_kept_shown_and_undone(empty_store: Store) -> None:
    first, _ = made_run(empty_store.root), other_run(empty_store)
    name = first.folder.name
    page = pressed(opened(AppTest.from_function(one), run=name), f"runs.edit.{name}")
    page.text_input(key=f"runs.title.{name}").set_value("with *stars*").run()
    list_of_runs(page).text_area(key=f"runs.note.{name}").set_value("margin too large").run()
    entry = empty_store.row(name).entry
    assert (entry.title, entry.note) == ("with *stars*", "margin too large")
    assert titles(list_of_runs(page))[1] == r"**with \*stars\***"
    assert [caption for caption in page.caption if "margin too large" in caption.value]
    pressed(page, "runs.undo.button")
    assert (empty_store.row(name).title, empty_store.row(name).entry.note) == ("with *stars*", "")
    assert "runs.undo.button" not in keys(page)


def test_what_is_archived_stands_apart_and_can_still_be_shown(empty_store: Store) -> None:
    first, other = made_run(empty_store.root), other_run(empty_store)
    name = other.folder.name
    page = opened(AppTest.from_function(one), run=name)
    for what in ("edit", "archive"):
        pressed(page, f"runs.{what}.{name}")
    assert page.text[0].value == name
    assert len(titles(page)) == 4 and f"runs.pick.{name}" not in keys(page)
    assert opened(AppTest.from_function(one)).text[0].value == first.folder.name
    in_group(page, Group.ARCHIVED)
    for what in ("edit", "unarchive"):
        pressed(page, f"runs.{what}.{name}")
    assert not empty_store.row(name).entry.archived_at


def test_a_deleted_run_is_shown_nowhere_until_it_is_restored(empty_store: Store) -> None:
    first, other = made_run(empty_store.root), other_run(empty_store)
    name = other.folder.name
    page = opened_page("mine", run=name)
    for what in ("edit", "delete"):
        pressed(page, f"runs.{what}.{name}")
    assert empty_store.row(name).entry.deleted_at
    for view in (page, opened_page("train", run=name), opened_page("verify", run=name)):
        assert "was deleted. Restore it" in view.info[0].value
    in_group(page, Group.DELETED)
    assert page.button(key=f"runs.pick.{name}").disabled
    pressed(page, f"runs.restore.{name}")
    assert not page.info and not empty_store.row(name).entry.deleted_at
    in_group(page, Group.ALL)
    assert {f"runs.pick.{name}", f"runs.pick.{first.folder.name}"} <= set(keys(page))


def test_a_deletion_is_undone_with_one_click(empty_store: Store) -> None:
    name = made_run(empty_store.root).folder.name
    page = opened(AppTest.from_function(one), run=name)
    for what in ("edit", "delete"):
        pressed(page, f"runs.{what}.{name}")
    assert not page.text[0].value
    pressed(page, "runs.undo.button")
    assert page.text[0].value == name


def test_many_runs_are_listed_by_and_by(empty_store: Store) -> None:
    for number in range(40):
        empty_store.submit(EXPERIMENT.described(), f"{number:032x}", f"run {number}")
    page = list_of_runs(opened(AppTest.from_function(one)))
    assert len(titles(page)) == 15 and titles(page)[0] == "run 39"
    page.button(key="runs.more").click().run()
    assert len(titles(page)) == 30
    page.text_input(key="runs.words").set_value("run").run()
    assert len(titles(page)) == 15


def keys(app: AppTest) -> list[str]:
    return [button.key or "" for button in app.button]


def in_group(app: AppTest, group: Group) -> None:
    list_of_runs(app).pills(key="runs.group").set_value(group).run()
