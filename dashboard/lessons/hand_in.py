"""Handing in: the answer to a task, or a threshold chosen on Verify, as a link and a file, and in a class to the
teacher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from core.lessons.handin import MOST_LETTERS, MOST_NAME, MOST_REASON, NAME, THRESHOLD, HandIn, read
from core.lessons.handin_folder import keep
from core.lessons.lesson import Lesson, Step
from core.lessons.tasks import Verdict
from core.system.locations import store_root
from dashboard import url
from dashboard.components.copy_link import copy_link
from dashboard.core_words import plain_words
from dashboard.entrance import visitors
from dashboard.entrance.visitors import Visitor
from dashboard.lookups import runs
from dashboard.runs import limits
from dashboard.settings import HIDE, LESSON, LIMIT, POINTS, RUN
from dashboard.wording import say

NAMED, DONE = "handin.name", "handin.done"  # as the student typed it; the tasks whose hand-in the teacher has
FOLDER = "handins"  # in the store
MOST_OF_ONE = 100  # files of one student
Make = Callable[[str, str], HandIn]  # of a name and a reason


def folder() -> Path:
    """Where a class hands in."""
    return store_root() / FOLDER


def offer(lesson: Lesson, step: Step, answer: Any, verdict: Verdict, guesses: dict[str, str]) -> None:
    """The button of a task that was graded, and behind it the name, the reason and what is handed in."""
    number = float(answer) if isinstance(answer, (int, float)) else None
    text = answer if isinstance(answer, str) else POINTS.text or ""  # of a playground, whose address says all of it

    def make(name: str, reason: str) -> HandIn:
        return HandIn(
            lesson=lesson.name,
            step=step.name,
            page=step.page,
            address=_address(),
            answer=text if number is None else number,
            verdict=verdict,
            guesses=guesses,
            run=RUN.text or "",
            configuration=_configuration(),
            threshold=number if step.task is not None and step.task.answer == "threshold" else None,
            reason=reason,
            name=name,
            date=_now(),
        )

    _offer(make, f"{lesson.name}.{step.name}")


def offer_threshold(run: str, threshold: float) -> None:
    """The same of a threshold on Verify, for who has come by a link for a class or is in one."""
    if LESSON.text is not None or (visitors.now() is None and HIDE.text is None and LIMIT.text is None):
        return

    def make(name: str, reason: str) -> HandIn:
        return HandIn(
            page="verify",
            address=_address() | {RUN.name: run},
            answer=float(threshold),
            run=run,
            configuration=_configuration(run),
            threshold=float(threshold),
            reason=reason,
            name=name,
            date=_now(),
        )

    _offer(make, f"{THRESHOLD}{run}")


def _offer(make: Make, task: str) -> None:
    with st.popover(say("lessons.handin.button"), icon=":material/assignment_turned_in:", key="handin.menu"):
        visitor = visitors.now()
        st.session_state.setdefault(NAMED, visitor.name if visitor else "")
        name = st.text_input(
            say("lessons.handin.name"), st.session_state[NAMED], MOST_NAME, key="handin.typed", on_change=_keep_name
        )
        reason = st.text_area(
            say("lessons.handin.reason"), max_chars=MOST_REASON, height=90, key=f"handin.reason.{task}"
        )
        if not name.strip():
            st.caption(say("lessons.handin.unnamed"))
            return
        try:
            handed = read(make(name, reason).written().encode())
        except ValueError as problem:
            st.error(plain_words(problem))
            return
        with st.container(horizontal=True, gap="small"):
            _offer_ways(handed, task, visitor)
        copy_link(say("lessons.handin.link"), key="handin.link", adds=url.in_links())
        if said := st.session_state.get(DONE, {}).get(task):
            st.caption(said)
        st.caption(say("lessons.handin.holds"))


def _offer_ways(handed: HandIn, task: str, visitor: Visitor | None) -> None:
    """To the teacher, where there is one, and as a file."""
    if visitor is not None:
        st.button(
            say("lessons.handin.give"),
            key="handin.give",
            type="primary",
            icon=":material/send:",
            on_click=_give,
            args=(task, visitor.id, handed),
        )
    st.download_button(
        say("lessons.handin.file"),
        handed.written(),
        file_name=f"{_in_file_name(task)}-{_in_file_name(handed.name)}.json",
        mime="application/json",
        key="handin.file",
        icon=":material/download:",
        on_click="ignore",
    )


def _keep_name() -> None:
    st.session_state[NAMED] = st.session_state["handin.typed"]


def _give(task: str, visitor: str, handed: HandIn) -> None:
    """Into the folder of the class, in place of an earlier one of the same task; or why it cannot be."""
    name = f"{visitor}-{_in_file_name(task)}{'-threshold' if task.startswith(THRESHOLD) else ''}"
    there = folder()
    try:
        limits.check_disk(runs.store())
        if len(list(there.glob(f"{visitor}-*"))) >= MOST_OF_ONE and not (there / f"{name}.json").exists():
            raise ValueError(say("lessons.handin.too_many", most=MOST_OF_ONE))
        keep(there, name, handed)
        said = say("lessons.handin.given", time=datetime.now(UTC).strftime("%H:%M"))
    except (ValueError, OSError) as problem:
        said = plain_words(problem)
    st.session_state.setdefault(DONE, {})[task] = said


def _in_file_name(text: str) -> str:
    """Letters, digits and dashes of a text, as a part of a file's name."""
    return "-".join("".join(one if one.isalnum() else " " for one in text).split())[:60]


def _address() -> dict[str, str]:
    """What the address says, of what a hand-in may hold."""
    return {name: text for name, text in url.whole().items() if NAME.fullmatch(name) and len(text) <= MOST_LETTERS}


def _configuration(run: str = "") -> str:
    """The digest of the run's data and settings; empty where no run is named that has one."""
    name = run or RUN.text or ""
    found = runs.find_run(name)
    return found.record().id if found and found.record().kind.is_trained else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
