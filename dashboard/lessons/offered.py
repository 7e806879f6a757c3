"""The lessons as Learn lists them: a card each, with what it is about and whether its task is done."""

from __future__ import annotations

import streamlit as st

from core.lessons import LESSONS
from dashboard.lessons.guide import DONE
from dashboard.lessons.links import link_to, title_of
from dashboard.wording import count, say


def offer() -> None:
    """Draw the cards side by side, as many in a line as there is room for."""
    done = st.session_state.get(DONE, {})
    st.markdown(say("lessons.offered.heading"))
    with st.container(horizontal=True, gap="small", key="lessons"):
        for lesson in LESSONS.values():
            with st.container(border=True, width=280, gap="xsmall"):
                link_to(
                    lesson, 1, title_of(lesson), ":material/task_alt:" if lesson.name in done else ":material/school:"
                )
                steps = count("lessons.offered.steps", len(lesson.steps))
                st.caption(f"{say(f'lessons.{lesson.name}.about')}  \n{steps}")
