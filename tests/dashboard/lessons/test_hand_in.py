"""Handing in the answer to a task, and a threshold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.lessons import LESSONS
from core.lessons.handin import HandIn, read
from core.lessons.handin_folder import in_folder
from core.runs.store import Store
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.entrance.ways_in import WayIn
from dashboard.lessons.hand_in import folder
from tests.dashboard.lessons.test_guide import said, smallest
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")
ADA = Visitor("a" * 32, "Ada <b>")


@pytest.fixture
def as_student(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "chosen_way", WayIn(code="sunday"))
    monkeypatch.setattr(visitors, "found_in", lambda *_: ADA)


def checked(margin: str) -> AppTest:
    """The page after a guess in the lesson and its task."""
    app = opened("mine", lesson="hardness", step="2")
    app.get("button_group")[0].set_value("more").run()
    app.query_params.clear()
    for name, value in {"lesson": "hardness", "step": "4", "margin": margin}.items():
        app.query_params[name] = value
    app.run()
    app.button(key="lesson.check").click().run()
    assert not app.exception
    return app


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> list[HandIn]:
    """What was offered to be saved, the last one last."""
    from dashboard.lessons import hand_in

    made: list[HandIn] = []
    draw = hand_in._offer_ways

    def keep(handed: HandIn, task: str, visitor: Visitor | None) -> None:
        made.append(read(handed.written().encode()))
        draw(handed, task, visitor)

    monkeypatch.setattr(hand_in, "_offer_ways", keep)
    return made


def named(app: AppTest, name: str = "Ada", reason: str = "") -> AppTest:
    app.text_input(key="handin.typed").set_value(name).run()
    if reason:
        app.text_area(key="handin.reason.hardness.task").set_value(reason).run()
    assert not app.exception
    return app


def test_nothing_is_handed_in_before_it_was_checked_and_named() -> None:
    app = opened("mine", lesson="hardness", step="4", margin="0.3")
    assert "handin.typed" not in {one.key for one in app.text_input}
    app = checked("0.3")
    assert "A name has to stand on it." in said(app) and not app.get("download_button")
    assert "handin.give" not in {one.key for one in app.button}, "there is no teacher here"


@pytest.mark.parametrize(("margin", "is_right"), [(smallest(), True), ("0.02", False)])
def test_the_file_holds_the_answer_as_it_was_graded(margin: str, is_right: bool, offered: list[HandIn]) -> None:
    named(checked(margin), "Ada", "Because.")
    handed = offered[-1]
    assert handed.verdict and handed.verdict.is_right == is_right
    assert (handed.task, handed.page, handed.answer) == ("hardness.task", "mine", float(margin))
    assert handed.guesses == {"margin": "more"} and handed.reason == "Because." and handed.name == "Ada"
    assert handed.run == "digits-semi-hard" and len(handed.configuration) == 32 and handed.threshold is None
    assert handed.address["margin"] == margin and handed.address["step"] == "4"


def test_of_another_answer_nothing_is_handed_in_before_it_is_checked() -> None:
    app = named(checked("0.3"))
    app.session_state["url.kept"] = dict(app.session_state["url.kept"]) | {"margin": "0.4"}
    app.run()
    assert "handin.typed" not in {one.key for one in app.text_input}


@pytest.mark.usefixtures("as_student")
def test_in_a_class_it_comes_to_the_teacher_and_the_last_one_counts() -> None:
    app = checked("0.3")
    assert app.text_input(key="handin.typed").value == "Ada <b>", "the name that the class knows"
    app.button(key="handin.give").click().run()
    assert "Handed in at" in said(app)
    named(app, "Ada", "Now I know.").button(key="handin.give").click().run()
    (handed,) = in_folder(folder()).handed.values()
    assert handed.reason == "Now I know." and [file.name for file in folder().iterdir()] == [
        f"{ADA.id}-hardness-task.json"
    ]


@pytest.mark.usefixtures("as_student")
def test_nobody_fills_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.lessons.hand_in.MOST_OF_ONE", 1)
    folder().mkdir(parents=True)
    (folder() / f"{ADA.id}-other.json").write_text("{}")
    app = checked("0.3")
    app.button(key="handin.give").click().run()
    assert "At most 1 hand-ins of one student are kept" in said(app) and len(list(folder().iterdir())) == 1


@pytest.mark.usefixtures("as_student")
def test_a_folder_that_cannot_be_written_is_said(empty_store: Store) -> None:
    Path(folder()).write_text("a file is in the way")
    app = checked("0.3")
    app.button(key="handin.give").click().run()
    assert not app.exception and "Handed in at" not in said(app)


def test_a_threshold_is_handed_in_by_whoever_came_by_a_link_for_a_class(offered: list[HandIn]) -> None:
    about = {"run": "digits-semi-hard", "goal": "hand", "threshold": "0.8"}
    assert "handin.typed" not in {one.key for one in opened("verify", **about).text_input}
    named(opened("verify", hide="verify.data", **about))
    handed = offered[-1]
    assert handed.task == "@digits-semi-hard" and handed.threshold == handed.answer == 0.8
    assert handed.verdict is None and json.loads(handed.written())["address"]["threshold"] == "0.8"


def test_the_threshold_of_a_lesson_is_a_threshold_too(offered: list[HandIn]) -> None:
    app = opened("verify", lesson="threshold", step="3", threshold="0.9")
    app.button(key="lesson.check").click().run()
    named(app)
    handed = offered[-1]
    assert handed.task == "threshold.task" and handed.threshold == handed.answer == 0.9


@pytest.mark.parametrize("name", LESSONS)
def test_whatever_a_lesson_asks_for_can_be_handed_in(name: str, offered: list[HandIn]) -> None:
    steps = LESSONS[name].steps
    app = opened(steps[-1].page, lesson=name, step=str(len(steps)))
    task = steps[-1].task
    assert task is not None
    if task.options:
        app.session_state[f"lesson.choice.{name}.{steps[-1].name}"] = task.options[0]
        app.run()
    app.button(key="lesson.check").click().run()
    if "handin.typed" in {one.key for one in app.text_input}:
        named(app)
        assert not app.error and offered[-1].lesson == name and offered[-1].verdict
        assert app.session_state["handin.typed"] == "Ada"
