"""The list of runs is sorted and filtered."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.dashboard.pages import list_of_runs, pressed
from tests.dashboard.swept import swept


def one() -> None:
    import streamlit as st

    from dashboard.runs import run_list

    st.text(f"{run_list.choose_run()}")


def titles(app: AppTest) -> list[str]:
    return [
        button.label.replace("\\", "")
        for button in app.button
        if (button.key or "").startswith(("runs.pick.0", "runs.sweep.0"))
    ]


def test_lines_are_sorted_and_filtered_and_stay_so_when_the_list_is_opened_again(store: Store) -> None:
    swept(store, finished=2, failed=1)
    store.ask("UPDATE runs SET map_at_r = 0.1")
    for number, name in enumerate(("b", "a"), start=1):
        store.submit({"dataset": {"kind": name}}, f"{number:032x}", name)
    store.star(f"{2:032x}")
    app = list_of_runs(AppTest.from_function(one, default_timeout=60).run())
    assert sorted(titles(app)) == ["a", "b", "miners"]
    app = pressed(app, "runs.filters.button")
    app.selectbox(key="runs.filter.sort").set_value("best").run()
    assert titles(app) == ["miners", "a", "b"]
    app.selectbox(key="runs.filter.state").set_value("failed").run()
    assert titles(app) == ["miners"]
    app.toggle(key="runs.filter.is_grouped").set_value(False).run()
    assert titles(app) == ["semi-hard · seed 1"]
    app.session_state["runs.panel"] = False
    app.run()
    app = list_of_runs(app)
    assert titles(app) == ["semi-hard · seed 1"]
    assert app.button(key="runs.filters.button").label == "Sort and filter: 3 choices"
    app.selectbox(key="runs.filter.state").set_value("").run()
    app.selectbox(key="runs.filter.dataset").set_value("b").run()
    assert titles(app) == ["b"]
    app.selectbox(key="runs.filter.dataset").set_value("").run()
    app.toggle(key="runs.filter.is_starred").set_value(True).run()
    assert titles(app) == ["a"]


def test_tags_and_owners_are_those_of_runs_that_who_asks_may_see(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, (kind, owner, tag) in enumerate((("scores", "ben", "secret"), ("", "cid", "open"), ("", "ada", "own"))):
        store.submit({"kind": kind} if kind else {"loss": {}}, f"{number:032x}", f"of {owner}")
        store.join(f"{number:032x}", owner, owner.title())
        store.tag(f"{number:032x}", [tag])
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: Visitor("ada", "Ada"))
    app = pressed(list_of_runs(AppTest.from_function(one, default_timeout=60).run()), "runs.filters.button")
    assert app.selectbox(key="runs.filter.tag").options == ["All tags", "open", "own"]
    assert app.selectbox(key="runs.filter.owner").options == ["Everybody", "Ada", "Cid"]
    app = pressed(app, f"runs.edit.{2:032x}")
    assert app.multiselect(key=f"runs.tags.{2:032x}").options == ["open", "own"]
