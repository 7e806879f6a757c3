"""Lessons are whole: steps with names of their own, right answers among the answers, a task at the end."""

from __future__ import annotations

import pytest

from core.lessons import LESSONS
from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import SmallestMargin

TASK = Step("task", "mine", task=SmallestMargin(0.1))


@pytest.mark.parametrize("number", [0, 2])
def test_a_step_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"a step must be from 1 to 1, got {number}. Choose one of these."):
        Lesson("short", (TASK,)).step(number)


def test_a_right_answer_stands_among_the_answers() -> None:
    with pytest.raises(ValueError, match="the right answer must be among more, fewer, got 'none'. Add it."):
        Question(("more", "fewer"), right="none")


def test_steps_have_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="must have names of their own, got task, task. Rename one."):
        Lesson("twice", (TASK, TASK))


@pytest.mark.parametrize("steps", [(), (Step("look", "mine"),)])
def test_a_lesson_ends_with_a_task(steps: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError, match="a lesson must end with a task, got 'idle' without. Give its last step one."):
        Lesson("idle", steps)


def test_lessons_are_found_by_their_names() -> None:
    assert all(lesson.name == name for name, lesson in LESSONS.items())
