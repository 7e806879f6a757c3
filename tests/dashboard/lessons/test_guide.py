"""The guide of a lesson: where one is, what is asked, and how it is graded."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import LESSONS
from core.lessons.hardness import EARLY
from core.runs.store import Store
from dashboard.url import urlencode
from tests.core.lessons.test_hardness import evidence
from tests.dashboard.pages import notes, opened

pytestmark = pytest.mark.usefixtures("empty_store")


def said(app: AppTest) -> str:
    """All texts; of a link its words alone."""
    text = "\n".join(one.value.replace("\\", "") for one in (*app.markdown, *app.caption))
    return re.sub(r"\[([^\]]*)\]\(\?[^)]*\)", r"\1", text)


def test_a_step_fills_in_what_its_address_does_not_say(empty_store: Store) -> None:
    app = opened("mine", lesson="hardness", step="4")
    assert "Easy, semi-hard, hard** · step 4 of 4" in said(app)
    assert app.session_state["url.kept"]["margin"] == "0.02" and app.session_state["url.kept"]["epoch"] == "0.5714"


def test_what_a_reader_has_chosen_stays() -> None:
    app = opened("mine", lesson="hardness", step="4", margin="0.3")
    assert app.session_state["url.kept"]["margin"] == "0.3"


def test_a_guess_is_told_what_is_so() -> None:
    app = opened("mine", lesson="hardness", step="2")
    assert "Make a guess first" in said(app) and "Hard compares" not in said(app)
    app.get("button_group")[0].set_value("more").run()
    assert "Not quite." in said(app) and "Hard compares the two distances alone" in said(app)
    app.get("button_group")[0].set_value("as_many").run()
    assert "Right." in said(app)


def smallest() -> str:
    found = evidence(EARLY)
    return str(found.margins[int(np.argmax(found.semi_hard / found.total >= 0.1))])


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        ("0.02", "Not quite. At a margin of 0.02 only"),
        (smallest(), "Right."),
        ("0.5", "Not quite. At a margin of 0.50"),
    ],
)
def test_a_task_is_graded_by_the_snapshot_on_the_page(margin: str, words: str) -> None:
    app = opened("mine", lesson="hardness", step="4", margin=margin)
    assert "Try it on the page" in said(app)
    app.button(key="lesson.check").click().run()
    assert words in said(app).replace("*", "")


def test_on_another_page_the_guide_leads_to_its_own() -> None:
    app = opened("compare", lesson="hardness", step="2")
    (link, *_) = [one for one in app.get("page_link") if "This step is on Mine" in one.proto.label]
    assert "lesson=hardness" in link.proto.query_string and "step=2" in link.proto.query_string


def test_a_step_that_is_not_there_falls_back_with_a_note() -> None:
    app = opened("mine", lesson="hardness", step="9")
    assert any("step “9”, of which there are 4" in note for note in notes(app)) and "step 1 of 4" in said(app)


def test_the_lesson_can_be_left() -> None:
    app = opened("mine", lesson="hardness", step="2")
    app.button(key="lesson.close").click().run()
    assert "step 2 of 4" not in said(app) and "lesson" not in app.session_state["url.kept"]


@pytest.mark.parametrize("name", LESSONS)
def test_every_step_of_every_lesson_opens(name: str) -> None:
    for number, step in enumerate(LESSONS[name].steps, start=1):
        app = opened(step.page, lesson=name, step=str(number))
        assert f"step {number} of {len(LESSONS[name].steps)}" in said(app), urlencode(step.address)


@pytest.mark.parametrize(("chosen", "words"), [("digits-semi-hard", "Right."), ("digits-softmax", "Not quite.")])
def test_a_task_with_options_is_answered_by_a_choice(chosen: str, words: str) -> None:
    app = opened("compare", lesson="embedding", step="4")
    app.button(key="lesson.check").click().run()
    assert "There is nothing to check yet" in said(app)
    next(one for one in app.get("button_group") if "equal error rate" in one.label).set_value(chosen).run()
    app.button(key="lesson.check").click().run()
    assert f"{words} Its EER is" in said(app).replace("*", "")


def test_a_lesson_whose_task_is_done_is_remembered() -> None:
    app = opened("mine", lesson="hardness", step="4", margin=smallest())
    assert "lessons.done" not in app.session_state
    app.button(key="lesson.check").click().run()
    assert list(app.session_state["lessons.done"]) == ["hardness"]


def test_links_of_a_lesson_keep_the_language_that_the_address_names() -> None:
    app = opened("mine", lesson="hardness", step="2", lang="zh")
    links = [one.proto for one in app.get("page_link") if "lesson=hardness" in one.proto.query_string]
    assert len(links) == 2 and all("lang=zh" in one.query_string for one in links)


def test_what_cannot_be_graded_is_said_in_a_sentence() -> None:
    app = opened("explore", lesson="maps", step="3", query="5")
    app.session_state["url.kept"] = dict(app.session_state["url.kept"]) | {"query": "5000"}
    app.button(key="lesson.check").click().run()
    assert not app.exception and "a point must be from 0 to 718, got 5000" in said(app)


def test_after_the_last_step_the_next_lesson_follows() -> None:
    names = list(LESSONS)
    for name, following in zip(names, [*names[1:], None], strict=True):
        last = len(LESSONS[name].steps)
        app = opened(LESSONS[name].steps[-1].page, lesson=name, step=str(last))
        links = [one.proto.query_string for one in app.get("page_link") if one.proto.label == "Next lesson"]
        assert [f"lesson={following}&step=1" in link for link in links] == ([] if following is None else [True])
