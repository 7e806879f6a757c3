"""The guide of a lesson, above the page that a step is on: what to look at, a guess, and a task to be graded."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.lessons import LESSONS
from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import Task, Verdict
from dashboard.components.hidden_parts import leave_out
from dashboard.core_words import plain_words
from dashboard.glossary.marks import linked
from dashboard.lessons import hand_in
from dashboard.lessons.evidence import answer_to, evidence_for
from dashboard.lessons.links import address_of, link_to, title_of
from dashboard.lessons.recordings import STORIES, named
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.settings import LESSON, STEP
from dashboard.url import fill_in
from dashboard.wording import say

GUESSES, DONE = "lessons.guesses", "lessons.done"  # by lesson and step; lessons whose task is done
VERDICTS = "lessons.verdicts"  # by lesson and step: the answer that was graded, and how


def show(page: str) -> None:
    """Draw the step that the address names; nothing where it names no lesson."""
    if LESSON.text is None or LESSON.text in named(STORIES):  # which links of earlier versions have
        return
    name = LESSON.value("", LESSONS, say("address.note.no_such", kind=say("address.kind.lesson")), say("lessons.none"))
    if not name:
        return
    lesson = LESSONS[name]
    number = STEP.value(1, range(1, len(lesson.steps) + 1), say("lessons.guide.no_step", last=len(lesson.steps)))
    step = lesson.step(number)
    with st.container(border=True, key="lesson", gap="xsmall"):
        _head(lesson, number)
        if step.page != page:
            where = say(f"pages.{step.page}.name")
            link_to(lesson, number, say("lessons.guide.elsewhere", page=where), ":material/arrow_back:")
            return
        fill_in(address_of(lesson, number))
        st.markdown(linked(say(f"lessons.{lesson.name}.{step.name}.text")))
        if step.question is not None:
            _ask(lesson, step, step.question)
        if step.task is not None:
            _set_task(lesson, step, step.task)


def _head(lesson: Lesson, number: int) -> None:
    """The title, where one is, and the ways on and back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = say("lessons.guide.place", number=number, count=len(lesson.steps))
        st.markdown(f":material/school: **{title_of(lesson)}** · {place}", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if number > 1:
                link_to(lesson, number - 1, say("lessons.guide.back"), ":material/arrow_back:")
            if number < len(lesson.steps):
                link_to(lesson, number + 1, say("lessons.guide.next"), ":material/arrow_forward:")
            elif (following := _following(lesson)) is not None:
                next_lesson = say("lessons.guide.next_lesson")
                link_to(following, 1, next_lesson, ":material/arrow_forward:", title_of(following))
            st.button(
                "",
                icon=":material/close:",
                key="lesson.close",
                type="tertiary",
                help=say("lessons.guide.close"),
                on_click=lambda: LESSON.keep(None, without=(STEP,)),
            )


def _following(lesson: Lesson) -> Lesson | None:
    """The lesson after this one in the list; None after the last."""
    names = list(LESSONS)
    after = names[names.index(lesson.name) + 1 :]
    return LESSONS[after[0]] if after else None


def _ask(lesson: Lesson, step: Step, question: Question) -> None:
    """A guess, and once there is one, what is so and why."""
    guesses = st.session_state.setdefault(GUESSES, {})
    key = f"lesson.guess.{lesson.name}.{step.name}"
    st.session_state.setdefault(key, guesses.get((lesson.name, step.name)))
    guess = st.pills(
        say(f"lessons.{lesson.name}.{step.name}.question"),
        question.answers,
        format_func=lambda answer: say(f"lessons.{lesson.name}.{step.name}.answers.{answer}"),
        key=key,
    )
    if guess is None:
        st.caption(say("lessons.guide.guess"))
        leave_out(step.hides)
        return
    guesses[lesson.name, step.name] = guess
    is_right = guess == question.right
    mark = ":material/check_circle:" if is_right else ":material/cancel:"
    said = say("lessons.guide.right" if is_right else "lessons.guide.wrong")
    st.markdown(f"{mark} **{said}** {linked(say(f'lessons.{lesson.name}.{step.name}.reveal'))}")


def _set_task(lesson: Lesson, step: Step, task: Task) -> None:
    """The button that has the answer graded, and what came of it while the answer stands."""
    verdicts: dict[Any, tuple[Any, Verdict]] = st.session_state.setdefault(VERDICTS, {})
    answer = _chosen(lesson, step, task) if task.options else answer_to(task)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_asked = st.button(say("lessons.guide.check"), key="lesson.check", icon=":material/task_alt:", type="primary")
        problem = say("lessons.guide.nothing_chosen") if is_asked and answer is None else ""
        if is_asked and answer is not None:
            try:
                verdicts[lesson.name, step.name] = answer, task.grade(answer, evidence_for(task, answer))
            except ValueError as refused:  # of a run or a point that is not there any more
                problem = plain_words(refused)
        graded = verdicts.get((lesson.name, step.name))
        if problem:
            st.markdown(problem, width="stretch")
        elif graded and graded[0] == answer:
            st.markdown(_in_words(lesson, step, graded[1]), width="stretch")
        else:
            st.caption(say("lessons.guide.not_checked"), width="stretch")
        if graded and graded[0] == answer and not problem:
            guesses = st.session_state.get(GUESSES, {})
            own = {step: guess for (name, step), guess in guesses.items() if name == lesson.name}
            hand_in.offer(lesson, step, *graded, own)
    if graded and graded[1].is_right:
        st.session_state.setdefault(DONE, {})[lesson.name] = graded[0]


def _chosen(lesson: Lesson, step: Step, task: Task) -> str | None:
    """The answer among those to choose among."""
    return st.pills(
        say(f"lessons.{lesson.name}.{step.name}.question"),
        task.options,
        format_func=lambda name: runs.titles_of([name])[name],
        key=f"lesson.choice.{lesson.name}.{step.name}",
    )


def _in_words(lesson: Lesson, step: Step, verdict: Verdict) -> str:
    mark = ":material/check_circle:" if verdict.is_right else ":material/cancel:"
    said = say("lessons.guide.right" if verdict.is_right else "lessons.guide.wrong")
    why = say(f"lessons.{lesson.name}.{step.name}.verdict.{verdict.why}", **verdict.values)
    return f"{mark} **{said}** {plain(why)}"
