"""What a teacher's link hides stays hidden from page to page, and what it fixes stays as it is."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import LESSONS
from tests.dashboard.pages import notes, opened

pytestmark = pytest.mark.usefixtures("empty_store")


def hidden(app: AppTest) -> str:
    """The style sheets that leave something out."""
    return "\n".join(one.proto.body for one in app.get("html") if "display: none" in one.proto.body)


def test_a_hidden_part_is_left_out_on_its_page_and_on_no_other() -> None:
    app = opened("mine", hide="mine.anchor,mine.map,train.loss")
    assert ".st-key-anchor.st-key-anchor" in hidden(app) and '[class*="st-key-mine-map-"]' in hidden(app)
    assert "family-loss" not in hidden(app)
    app.switch_page("views/train.py").run()
    assert ".st-key-family-loss" in hidden(app) and "st-key-anchor" not in hidden(app)
    assert app.session_state["url.kept"]["hide"] == "mine.anchor,mine.map,train.loss"


def test_a_setting_of_a_hidden_part_stays_whatever_is_chosen() -> None:
    app = opened("mine", run="digits-semi-hard", anchor="17", hide="mine.anchor")
    app.number_input(key="anchor").set_value(18).run()
    assert app.number_input(key="anchor").value == 17 and app.session_state["url.kept"]["anchor"] == "17"
    app.select_slider(key="epoch").set_value("4").run()
    assert app.session_state["url.kept"]["epoch"] == "4", "others can be chosen"


def test_a_hidden_goal_stays_when_the_handle_is_dragged() -> None:
    app = opened("verify", run="digits-semi-hard", goal="far", far="5", hide="verify.goal")
    app.session_state["verify.goal"] = "hand"
    app.run()
    assert app.session_state["url.kept"]["goal"] == "far" if "goal" in app.session_state["url.kept"] else True
    assert app.session_state["url.kept"]["far"] == "5"


def test_a_hidden_family_of_train_stays_when_a_preset_is_taken() -> None:
    app = opened("train", settings="--loss contrastive --loss-margin 0.7", hide="train.loss")
    app.selectbox(key="train.preset").set_value("fashion").run()
    assert app.selectbox(key="train.dataset").value == "fashion-mnist"
    assert app.selectbox(key="train.loss").value == "contrastive"
    assert app.session_state["train.loss.contrastive.margin"] == 0.7


def test_every_link_of_a_lesson_keeps_what_is_hidden_and_limited() -> None:
    app = opened("mine", lesson="hardness", step="2", hide="mine.map", limit="epochs=5", lang="en")
    links = [one.proto.query_string for one in app.get("page_link") if "lesson=hardness" in one.proto.query_string]
    assert len(links) == 2 and all("hide=mine.map" in one and "limit=epochs%3D5" in one for one in links)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_can_be_walked_with_everything_else_hidden(name: str) -> None:
    for number, step in enumerate(LESSONS[name].steps, start=1):
        app = opened(step.page, lesson=name, step=str(number), hide="page.explore,learn.runs,mine.runs,verify.runs")
        assert not app.exception


def test_what_is_no_part_has_a_note_and_what_is_one_stays_hidden_once_it_is_read() -> None:
    app = opened("mine", hide="mine.anchor,mine.nothing,<b>")
    (note,) = notes(app)
    assert "the hidden parts “mine.anchor,mine.nothing,<b>”, of which these are no parts: mine.nothing, <b>" in note
    assert "Shown instead: Mine: anchor" in note
    app.button(key="notices.close").click().run()
    assert app.session_state["url.kept"]["hide"] == "mine.anchor" and not notes(app)


def test_a_note_on_parts_of_which_none_is_one_closes_to_no_setting() -> None:
    app = opened("mine", hide="nothing")
    app.button(key="notices.close").click().run()
    assert "hide" not in app.session_state["url.kept"]


BROKEN = {
    "hide": (",,,", "a" * 3000, "<script>alert(1)</script>", "mine.map," * 300, "page.", ".", "train.loss.margin"),
    "limit": ("=", "epochs=", "epochs=1e3", "data=", "presets=a+b", "epochs=3,epochs=3", "%00", "x" * 3000),
    "settings": ("--", "'", "--loss", "--seed -1", "--epochs 0", "--loss triplet --loss triplet", "\n", "-" * 3000),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BROKEN.items() for text in texts])
def test_whatever_a_link_says_the_page_is_drawn(name: str, text: str) -> None:
    app = opened("train", **{name: text})
    assert app.selectbox(key="train.loss").value == "triplet" and len(notes(app)) <= 1
    app.button(key="train.start").click().run()
    assert not app.exception
