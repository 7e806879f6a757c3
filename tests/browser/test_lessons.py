"""Every lesson is walked through as a reader does: guesses wrong and right, and its task, graded wrong and right."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from core.lessons import LESSONS
from core.lessons.lesson import Lesson, Step
from tests.browser.lesson_answers import ANSWERS, check, choose
from tests.browser.rest import at_rest
from tests.browser.served import Serve
from tests.imports import ROOT


@pytest.fixture
def lessons(serve: Serve) -> str:
    """The address of a server with the recorded runs alone."""
    return serve(ROOT / "dashboard" / "app.py", {})


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_leads_from_its_first_step_to_a_task_that_is_graded(name: str, page: Page, lessons: str) -> None:
    lesson = LESSONS[name]
    first = lesson.steps[0]
    path = "" if first.page == "learn" else first.page  # which is at the root
    page.goto(f"{lessons}/{path}?{urlencode({'lesson': name, **first.address})}")
    for number, step in enumerate(lesson.steps, start=1):
        guide = page.locator(".st-key-lesson")
        expect(guide).to_contain_text(f"step {number} of {len(lesson.steps)}", timeout=60_000)
        at_rest(page)
        guess(page, step)
        do(page, step, lesson)
        if number < len(lesson.steps):
            guide.get_by_role("link", name="Next").click()
            page.wait_for_url(re.compile(rf"step={number + 1}(&|$)"))


def guess(page: Page, step: Step) -> None:
    """Guess wrong, and be told; then right."""
    if step.question is None:
        return
    guide, right = page.locator(".st-key-lesson"), step.question.answers.index(step.question.right)
    expect(guide).to_contain_text("Make a guess first")
    for at, said in (((right + 1) % len(step.question.answers), "Not quite."), (right, "Right.")):
        choose(page, at)
        expect(guide).to_contain_text(said)


def do(page: Page, step: Step, lesson: Lesson) -> None:
    """Have graded what there is before anything is done, or another choice than the right one; then do the task."""
    if step.task is None:
        return
    if step.task.options:
        for at in range(len(step.task.options)):
            choose(page, at)
            if check(page).startswith("Not quite."):
                break
        else:
            raise AssertionError(f"{lesson.name}: every choice is right")
    else:
        assert "Right." not in check(page)
    ANSWERS[type(step.task)](page, step)
    assert check(page).startswith("Right.")
