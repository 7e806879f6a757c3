"""What is done to a run in the list: kept, shown, and taken back with one click."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.presets import RECORDINGS
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.lookups.listed_runs import Group
from tests.dashboard.made_runs import EXPERIMENT, made_run
from tests.dashboard.pages import list_of_runs, pressed
from tests.dashboard.pages import opened as opened_page
from tests.dashboard.runs.test_run_list import one, opened, titles

pytestmark = pytest.mark.usefixtures("own_store")


def other_run(store: Store) -> Run:
    return made_run(store.root, replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, seed=1)))


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
    assert len(titles(page)) == 1 + len(RECORDINGS) and f"runs.pick.{name}" not in keys(page)
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


def test_of_a_run_under_way_it_is_said_what_takes_it_up_again(empty_store: Store) -> None:
    name = empty_store.submit(EXPERIMENT.described(), EXPERIMENT.run_id(), "under way").id
    empty_store.set_state(name, "running")
    page = opened(AppTest.from_function(one))
    for what in ("edit", "delete"):
        pressed(page, f"runs.{what}.{name}")
    (said,) = [caption.value for caption in page.caption if "under way" in caption.value]
    assert "Undo lists it again, and Resume lets it go on" in said
    pressed(page, "runs.undo.button")
    assert (empty_store.row(name).entry.deleted_at, empty_store.row(name).wanted) == ("", "stop")


def keys(app: AppTest) -> list[str]:
    return [button.key or "" for button in app.button]


def in_group(app: AppTest, group: Group) -> None:
    list_of_runs(app).pills(key="runs.group").set_value(group).run()
