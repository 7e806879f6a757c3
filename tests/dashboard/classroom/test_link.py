"""The link to a page, its ways back, and the link for a class."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment.limits import Limits
from core.experiment.setting_words import experiment_in
from core.runs.store import Store
from dashboard.classroom.link import MENU
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")


def with_link(page: str, **query: str) -> AppTest:
    return with_menu(opened(page, **query))


def with_menu(app: AppTest) -> AppTest:
    app.session_state[MENU] = True
    app.run()
    assert not app.exception
    return app


def links(app: AppTest) -> dict[str, dict[str, object]]:
    """What each field with a link adds to the address, by its label."""
    sent = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    return {one["label"]: one for one in sent if "adds" in one}


@pytest.mark.parametrize("page", ["learn", "train", "mine", "verify", "compare", "explore", "status", "handins"])
def test_every_page_has_its_link_and_the_ways_back(page: str) -> None:
    app = with_link(page)
    assert "Link to this page" in links(app) and "Link for a class" in links(app)
    assert app.button(key="link.undo").disabled and not app.button(key="link.reset").disabled


def test_nothing_of_it_is_made_before_it_is_opened() -> None:
    app = opened("mine")
    assert not links(app) and "link.undo" not in {one.key for one in app.button}


def test_a_link_to_train_has_the_settings_that_were_not_started() -> None:
    app = with_link("train")
    assert links(app)["Link to this page"]["adds"] == {}
    app.selectbox(key="train.loss").set_value("contrastive").run()
    (said,) = links(app)["Link to this page"]["adds"].values()
    assert experiment_in(said).loss.name == "contrastive"
    other = opened("train", settings=said)
    assert other.selectbox(key="train.loss").value == "contrastive"


def test_the_settings_of_a_link_are_taken_once() -> None:
    app = opened("train", settings="--loss contrastive")
    app.selectbox(key="train.loss").set_value("softmax").run()
    assert app.selectbox(key="train.loss").value == "softmax"


@pytest.mark.parametrize(
    "said", ["--loss nothing", "--dataset fashion-mnist --dataset-source full --dataset-folder /etc"]
)
def test_settings_that_cannot_be_fall_back_with_a_note(said: str) -> None:
    app = opened("train", settings=said)
    (note,) = [one.value for one in app.caption if "The address asks for the settings" in one.value]
    assert "which is no such line of settings" in note and app.selectbox(key="train.dataset").value == "digits"


def test_undo_takes_back_the_last_change_and_reset_all_but_the_run() -> None:
    app = with_link("mine", run="digits-semi-hard")
    for anchor in (17, 18):
        app.number_input(key="anchor").set_value(anchor).run()
    app.select_slider(key="epoch").set_value("4").run()
    app.button(key="link.undo").click().run()
    assert app.session_state["url.kept"] == {"run": "digits-semi-hard", "anchor": "18"}
    app.button(key="link.undo").click().run()
    assert app.number_input(key="anchor").value == 17
    app.button(key="link.reset").click().run()
    assert app.session_state["url.kept"] == {"run": "digits-semi-hard"}
    assert app.number_input(key="anchor").value != 17
    app.button(key="link.undo").click().run()
    assert app.number_input(key="anchor").value == 17, "a reset can be taken back, too"


def test_undo_goes_no_further_than_the_page() -> None:
    app = with_link("mine", run="digits-semi-hard")
    app.number_input(key="anchor").set_value(17).run()
    assert not app.button(key="link.undo").disabled
    with_menu(app.switch_page("views/explore.py").run())
    assert app.button(key="link.undo").disabled


def test_reset_on_train_takes_the_settings_of_the_run_again() -> None:
    app = with_link("train")
    app.selectbox(key="train.loss").set_value("contrastive").run()
    app.button(key="link.reset").click().run()
    assert app.selectbox(key="train.loss").value == "triplet"


def test_what_a_teacher_ticks_on_several_pages_is_in_one_link() -> None:
    app = with_link("mine", lesson="hardness", step="4")
    app.get("button_group")[-2].set_value(["mine.epoch", "mine.anchor"]).run()
    with_menu(app.switch_page("views/train.py").run())
    pills = {one.label: one for one in app.get("button_group")}
    pills["Hide on this page"].set_value(["train.loss"]).run()
    pills = {one.label: one for one in app.get("button_group")}
    pills["Leave out of the bar of pages"].set_value(["page.compare"]).run()
    app.number_input(key="link.epochs").set_value(20).run()
    app.multiselect(key="link.data").set_value(["digits", "strokes"]).run()
    made = links(app)["Link for a class"]
    assert made["without"] == ["hide", "limit"]
    assert made["adds"]["hide"] == "mine.anchor,mine.epoch,page.compare,train.loss"
    assert Limits.read(made["adds"]["limit"]) == Limits(epochs=20, data=("digits", "strokes"))
    assert any("2 parts of other pages" in one.value for one in app.caption)
    assert parse_qs(app.session_state["url.placed"][0])["lesson"] == ["hardness"]


def test_a_student_has_the_plain_link_alone(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    for visitor, count in ((Visitor("a" * 32, "Ada"), 1), (Visitor("b" * 32, "Li", is_teacher=True), 2)):
        monkeypatch.setattr(visitors, "found_in", lambda *_, visitor=visitor: visitor)
        app = with_link("mine")
        assert len(links(app)) == count
