"""Where the steps of lessons are: a page and an address, so that each can be passed on."""

from __future__ import annotations

import streamlit as st

from core.lessons import LESSONS
from core.lessons.lesson import Lesson
from dashboard.settings import HIDE, LANGUAGE, LESSON, LIMIT, STEP
from dashboard.wording import say


def address_of(lesson: Lesson, number: int) -> dict[str, str]:
    """What the address of a step says, which is all that the page needs."""
    return {LESSON.name: lesson.name, STEP.name: STEP.write(number), **lesson.step(number).address}


def page_of(lesson: Lesson, number: int) -> str:
    """The file of the page that a step is on."""
    return f"views/{lesson.step(number).page}.py"


def link_to(lesson: Lesson, number: int, label: str, icon: str = "", hint: str = "") -> None:
    """A link to a step; of what the address says now the language and what a teacher's link has fixed are kept. The
    `hint` shows under the mouse."""
    spoken = {one.name: one.text for one in (LANGUAGE, HIDE, LIMIT) if one.text is not None}
    query = spoken | address_of(lesson, number)
    st.page_link(page_of(lesson, number), label=label, icon=icon or None, help=hint or None, query_params=query)


def title_of(lesson: Lesson) -> str:
    """What a lesson is called."""
    return say(f"lessons.{lesson.name}.title")


def title_of_task(lesson: str, step: str) -> str:
    """What a task is called by its lesson; by the names themselves where there is no such lesson."""
    if lesson not in LESSONS:
        return f"{lesson[:30]} {step[:30]}"
    tasks = [one.name for one in LESSONS[lesson].steps if one.task is not None]
    title = title_of(LESSONS[lesson])
    return title if len(tasks) == 1 or step not in tasks else f"{title} ({tasks.index(step) + 1})"
