"""What somebody brought and what somebody asked for, as others see it: not at all, or without a say."""

from __future__ import annotations

import json

import numpy as np
import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload
from core.runs.run_folder import Run
from core.runs.store import Store
from dashboard.components import routes
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.lookups.listed_runs import Group
from tests.core.measuring import measured
from tests.dashboard.made_runs import made_run
from tests.dashboard.pages import list_of_runs, opened, pressed

ADA, BEN, TEACHER = Visitor("a" * 32, "Ada"), Visitor("b" * 32, "*Ben*"), Visitor("c" * 32, "Ms Li", is_teacher=True)
PAGES = ("train", "mine", "verify", "compare", "explore")


class Reader:
    """Who opens the pages."""

    def __init__(self) -> None:
        self.who: Visitor = ADA

    def found(self, *_: object) -> Visitor:
        return self.who


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    one = Reader()
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", one.found)
    return one


@pytest.fixture
def brought(store: Store) -> Run:
    """Ada's."""
    points = np.random.default_rng(0).normal(size=(120, 4)).astype(np.float32)
    labels = np.arange(120) % 10
    upload = Upload("secret faces.npz", points, labels, tuple(map(str, range(10))), EUCLIDEAN)
    run = measured(store, upload)[0]
    for state in ("running", "finished"):
        store.set_state(run.folder.name, state)
    store.join(run.folder.name, ADA.id, ADA.name)
    return run


def everything(app: AppTest) -> str:
    """All that the page says, in one text."""
    return json.dumps([str(one) for one in app.main]) + str(app.query_params)


@pytest.mark.parametrize("page", PAGES)
def test_what_somebody_brought_is_not_there_for_others(page: str, reader: Reader, store: Store, brought: Run) -> None:
    name = brought.folder.name
    for who, is_there in ((BEN, False), (ADA, True), (TEACHER, True)):
        reader.who = who
        app = list_of_runs(opened(page, run=name, runs=f"{name},digits-softmax", beside=name))
        assert ("secret faces" in everything(app)) is (is_there and page != "compare"), who  # which has trainings


def test_nor_under_any_route(reader: Reader, store: Store, brought: Run) -> None:
    from dashboard.lookups import live_frames, runs

    made = {route.path: route.endpoint for route in routes.routes(runs.find_probe, live_frames.map_news)}
    (brought.folder / "probe.png").write_bytes(b"a picture")
    name = brought.folder.name
    request = Request({"type": "http", "path_params": {"name": name}, "query_string": b"", "headers": []})
    for who, status in ((BEN, 404), (ADA, 200)):
        reader.who = who
        assert made["/runs/{name}/probe.png"](request).status_code == status
        assert (live_frames.map_news(name, "light", "") is None) is (status == 404)


def test_what_is_shared_is_there_for_all(reader: Reader, store: Store, brought: Run) -> None:
    name = brought.folder.name
    app = list_of_runs(opened("verify", run=name))
    pressed(app, f"runs.edit.{name}")
    app = list_of_runs(app)
    app.toggle(key=f"runs.share.{name}").set_value(True).run()
    assert store.row(name).entry.shared_at
    reader.who = BEN
    app = list_of_runs(opened("verify", run=name))
    assert "secret faces" in everything(app)
    assert f"runs.edit.{name}" not in {button.key for button in app.button}, "seen, and no more"


@pytest.mark.parametrize(("who", "offered"), [(ADA, {"pause", "stop"}), (BEN, set()), (TEACHER, {"pause", "stop"})])
def test_own_runs_are_steered_and_others_are_watched(
    who: Visitor, offered: set[str], reader: Reader, store: Store
) -> None:
    name = made_run(store.root, pulls=(0.0, 0.5), state="running").folder.name
    store.join(name, ADA.id, ADA.name)
    reader.who = who
    app = list_of_runs(opened("train", run=name))
    keys = {button.key for button in app.button}
    assert {what for what in ("run", "pause", "stop") if f"running.{what}" in keys} == offered
    assert (f"runs.edit.{name}" in keys) is bool(offered)
    from dashboard.runs.submit import want

    want(name, "stop")
    assert store.row(name).wanted == ("stop" if offered else "run"), "not by any other way either"


def test_a_run_of_several_stops_when_the_last_one_leaves(reader: Reader, store: Store) -> None:
    name = made_run(store.root, pulls=(0.0, 0.5), state="running").folder.name
    for one in (ADA, BEN):
        store.join(name, one.id, one.name)
    app = opened("train", run=name)
    assert "running.pause" not in {button.key for button in app.button}
    assert "asked for by you, \\*Ben\\*" in [caption.value for caption in app.caption]
    pressed(app, "running.stop")
    assert store.row(name).wanted == "run" and store.row(name).entry.owned_by == {BEN.id: BEN.name}
    assert "running.stop" not in {button.key for button in opened("train", run=name).button}
    reader.who = BEN
    pressed(opened("train", run=name), "running.stop")
    assert store.row(name).wanted == "stop" and list(store.row(name).entry.owned_by) == [BEN.id], "who may resume it"


def test_who_resumes_a_run_has_asked_for_it(reader: Reader, store: Store) -> None:
    name = made_run(store.root, pulls=(0.0, 0.5), state="stopping").folder.name
    store.set_state(name, "stopped")
    store.join(name, ADA.id, ADA.name)
    reader.who = BEN
    pressed(opened("train", run=name), "running.run")
    assert store.row(name).wanted == "run" and list(store.row(name).entry.owned_by) == [ADA.id, BEN.id]


def test_a_run_is_left_to_the_others_from_the_list_and_that_is_undone(reader: Reader, store: Store) -> None:
    name = made_run(store.root).folder.name
    for one in (ADA, BEN):
        store.join(name, one.id, one.name)
    app = pressed(list_of_runs(opened("train", run=name)), f"runs.edit.{name}")
    keys = {button.key for button in list_of_runs(app).button}
    assert f"runs.leave.{name}" in keys and f"runs.delete.{name}" not in keys
    pressed(app, f"runs.leave.{name}")
    assert list(store.row(name).entry.owned_by) == [BEN.id]
    pressed(list_of_runs(app), "runs.undo.button")
    assert set(store.row(name).entry.owned_by) == {ADA.id, BEN.id}


def test_the_deleted_runs_of_others_are_not_there(reader: Reader, store: Store) -> None:
    name = made_run(store.root).folder.name
    store.join(name, ADA.id, ADA.name)
    store.delete(name)
    for who, is_there in ((ADA, True), (BEN, False), (TEACHER, True)):
        reader.who = who
        app = list_of_runs(opened("train", run=name))
        app.session_state["runs.group"] = Group.DELETED
        app.run()
        assert (f"runs.restore.{name}" in {button.key for button in app.button}) is is_there


def test_names_are_shown_as_text(reader: Reader, store: Store) -> None:
    reader.who = BEN
    app = list_of_runs(opened("train"))
    assert [caption.value for caption in app.caption if "\\*Ben\\*" in caption.value]


def test_a_resume_that_there_is_no_room_for_is_a_sentence(
    reader: Reader, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = made_run(store.root, pulls=(0.0, 0.5), state="stopping").folder.name
    store.set_state(name, "stopped")
    store.join(store.submit({}, "1" * 32, "another").id, ADA.id, ADA.name)
    monkeypatch.setenv("METRIC_LAB_QUEUE", "1")
    app = opened("train", run=name)
    app.button(key="running.run").click().run()
    assert [one.value for one in app.error if "At most 1 of your runs" in one.value]
    assert store.row(name).state == "stopped" and ADA.id not in store.row(name).entry.owned_by
