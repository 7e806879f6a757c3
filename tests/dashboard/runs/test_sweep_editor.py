"""What is done to a whole sweep in the list of runs, and taken back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.runs.store import Store
from tests.dashboard.pages import list_of_runs, pressed
from tests.dashboard.swept import swept


def one() -> None:
    import streamlit as st

    from dashboard.runs import run_list

    st.text(f"{run_list.choose_run()}")


def edited(sweep_id: str) -> AppTest:
    return pressed(AppTest.from_function(one, default_timeout=60).run(), f"runs.edit.{sweep_id}")


def test_it_says_how_many_runs_go_and_how_large_they_are_before_they_do(store: Store) -> None:
    sweep = swept(store, finished=4)
    store.ask("UPDATE runs SET size = 25000000")
    app = pressed(edited(sweep.id), f"runs.delete.{sweep.id}")
    said = [one.value for one in app.markdown]
    assert any(one.startswith("4 runs go, which take 100 MB of the disk.") for one in said) and len(store.rows()) == 4
    app = pressed(app, f"runs.delete_all.{sweep.id}")
    assert not store.rows() and len(store.deleted_rows()) == 4
    pressed(app, "runs.undo.button")
    assert len(store.rows()) == 4


def test_a_deleted_sweep_is_restored_from_among_the_deleted(store: Store) -> None:
    sweep = swept(store, finished=4)
    store.delete_all(sweep.members)
    app = list_of_runs(AppTest.from_function(one, default_timeout=60).run())
    app.pills(key="runs.group").set_value("deleted").run()
    app.button(key=f"runs.restore.{sweep.id}").click().run()
    assert not app.exception and len(store.rows()) == 4


def test_tags_and_a_star_are_given_to_all_of_its_runs(store: Store) -> None:
    sweep = swept(store, finished=4)
    store.tag(f"{0xA0:032x}", ["own"])
    app = pressed(edited(sweep.id), f"runs.star.{sweep.id}")
    assert all(row.entry.starred_at for row in store.rows())
    app.multiselect(key=f"runs.tags.{sweep.id}").set_value(["thesis"]).run()
    assert not app.exception
    assert sorted(row.entry.tagged for row in store.rows()) == [("own", "thesis"), *[("thesis",)] * 3]
    app = list_of_runs(app)
    app.multiselect(key=f"runs.tags.{sweep.id}").set_value([]).run()
    assert sorted(row.entry.tagged for row in store.rows()) == [(), (), (), ("own",)]


def test_it_is_archived_and_taken_back(store: Store) -> None:
    sweep = swept(store, finished=4)
    app = pressed(edited(sweep.id), f"runs.archive.{sweep.id}")
    assert all(row.entry.archived_at for row in store.rows())
    pressed(app, "runs.undo.button")
    assert not any(row.entry.archived_at for row in store.rows())


def test_it_is_steered_from_its_line(store: Store) -> None:
    sweep = swept(store, failed=1)
    app = pressed(edited(sweep.id), f"runs.sweep.cancel.{sweep.id}")
    assert [row.wanted for row in store.rows()] == ["stop"] * 4
    pressed(app, "runs.undo.button")
    assert [row.wanted for row in store.rows()].count("run") == 3
