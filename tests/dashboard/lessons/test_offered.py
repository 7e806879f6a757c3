"""The list of lessons on Learn: each is there, with a link to its first step, and marked once its task is done."""

from __future__ import annotations

import pytest

from core.lessons import LESSONS
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")


def test_every_lesson_is_listed_with_its_first_step() -> None:
    app = opened("learn")
    links = [one.proto for one in app.get("page_link")]
    for name in LESSONS:
        (link,) = [one for one in links if f"lesson={name}&" in f"{one.query_string}&"]
        assert "step=1" in link.query_string and link.icon == ":material/school:"


def test_a_lesson_whose_task_is_done_is_marked() -> None:
    app = opened("learn")
    app.session_state["lessons.done"] = {"hardness": 0.1}
    app.run()
    (link,) = [one.proto for one in app.get("page_link") if "lesson=hardness" in one.proto.query_string]
    assert link.icon == ":material/task_alt:"
