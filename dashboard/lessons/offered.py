"""The lessons as Learn lists them: a line each in parts, with a mark for those whose task is done and for the next."""

from __future__ import annotations

from itertools import chain

import streamlit as st

from core.lessons import LESSONS
from core.lessons.lesson import Lesson
from dashboard.lessons.guide import DONE
from dashboard.lessons.links import link_to, title_of
from dashboard.wording import count, say

PARTS = {  # by the page of the task, which is what a lesson comes to; pages that are not named count to the first
    "spaces": ("learn", "train", "compare"),
    "losses": ("playground", "mine"),
    "decisions": ("verify", "identify"),
    "maps": ("explore",),
}
NOT_BY_PAGE = {"distances": "spaces", "questions": "decisions"}
IS_DONE, IS_NEXT, IS_OPEN = (f":material/{icon}:" for icon in ("check_circle", "play_circle", "radio_button_unchecked"))


def offer() -> None:
    """Draw the list, and the way to the playground below it; of the next lesson it is said what it is about, of the
    others where one asks for it."""
    done = st.session_state.get(DONE, {})
    parts = in_parts()
    following = next((one for one in chain(*parts.values()) if one.name not in done), None)
    with st.container(key="lessons", gap=None):
        st.markdown(say("lessons.offered.heading", done=sum(name in done for name in LESSONS), all=len(LESSONS)))
        for part, lessons in parts.items():
            st.caption(say(f"lessons.offered.parts.{part}"))
            for lesson in lessons:
                _offer(lesson, is_done=lesson.name in done, is_next=lesson is following)
        free = say("lessons.offered.free"), say("pages.playground.icon")
        st.page_link("views/playground.py", label=free[0], icon=free[1], help=say("lessons.offered.free_help"))


def in_parts() -> dict[str, list[Lesson]]:
    """The lessons by the parts that have some, in the order in which they are listed."""
    of_page = {page: part for part, pages in PARTS.items() for page in pages}
    parts: dict[str, list[Lesson]] = {part: [] for part in PARTS}
    for lesson in LESSONS.values():
        own = of_page.get(lesson.steps[-1].page, next(iter(PARTS)))
        parts[NOT_BY_PAGE.get(lesson.name, own)].append(lesson)
    return {part: lessons for part, lessons in parts.items() if lessons}


def _offer(lesson: Lesson, *, is_done: bool, is_next: bool) -> None:
    steps = count("lessons.offered.steps", len(lesson.steps))
    about = say(f"lessons.{lesson.name}.about")
    words = say("lessons.offered.line_done" if is_done else "lessons.offered.line", about=about, steps=steps)
    title = title_of(lesson)
    icon = IS_DONE if is_done else IS_NEXT if is_next else IS_OPEN
    link_to(lesson, 1, f"**{title}**" if is_next else title, icon, "" if is_next else words)
    if is_next:
        with st.container(key="lessons.next"):
            st.caption(words)
