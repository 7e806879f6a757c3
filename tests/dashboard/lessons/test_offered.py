"""The list of lessons on Learn: each is there once, with a link to its first step, marked once its task is done; the
first that is not done is suggested."""

from __future__ import annotations

import pytest

from core.lessons import LESSONS
from dashboard.lessons import offered
from tests.dashboard.pages import opened

pytestmark = pytest.mark.usefixtures("empty_store")


def listed(done: dict[str, float] | None = None) -> dict[str, str]:
    """The marks of the lessons by name, in the order of the page."""
    app = opened("learn")
    if done:
        app.session_state["lessons.done"] = done
        app.run()
    links = [one.proto for one in app.get("page_link") if "lesson=" in one.proto.query_string]
    assert all("step=1" in link.query_string for link in links)
    return {link.query_string.split("lesson=")[1].split("&")[0]: link.icon for link in links}


def test_every_lesson_is_listed_once_with_its_first_step() -> None:
    assert sorted(listed()) == sorted(LESSONS)
    assert sorted(one.name for part in offered.in_parts().values() for one in part) == sorted(LESSONS)


def test_the_first_that_is_not_done_is_suggested() -> None:
    marks = listed()
    first, *others = marks
    assert marks[first] == offered.IS_NEXT and {marks[one] for one in others} == {offered.IS_OPEN}
    then = listed({first: 0.1})
    assert then[first] == offered.IS_DONE and then[others[0]] == offered.IS_NEXT


def test_of_the_suggested_one_it_is_said_what_it_is_about() -> None:
    app = opened("learn")
    about = "Why a network should place images, and not only name them. 4 steps"
    assert about in [one.value for one in app.caption]
    assert "Lessons** · 0 of" in "".join(one.value for one in app.markdown)


def test_no_lesson_is_suggested_where_all_are_done() -> None:
    assert set(listed(dict.fromkeys(LESSONS, 0.1)).values()) == {offered.IS_DONE}


def test_the_playground_is_offered_below_the_lessons() -> None:
    (link,) = [one.proto for one in opened("learn").get("page_link") if one.proto.label == "Play freely"]
    assert link.page == "playground"
