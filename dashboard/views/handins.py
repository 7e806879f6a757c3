"""Hand-ins: what a class has handed in, for its teacher."""

from pathlib import Path

import streamlit as st

from core.handover.csv_table import csv_of
from core.lessons.class_results import TaskResults, results_of
from core.lessons.handin_folder import HandedIn, in_folder, of_files
from dashboard.components.live_figure import live_figure
from dashboard.components.page_end import end_page
from dashboard.core_words import plain_words
from dashboard.entrance.rights import is_owner
from dashboard.figures.class_answers import class_answers
from dashboard.lessons import hand_in, received
from dashboard.lessons.received import Received
from dashboard.markdown import plain, table
from dashboard.runs import state
from dashboard.wording import count, joined, say

ENDINGS = ["json", "zip"]
COLUMNS = ("task", "handed", "right", "wrong", "ungraded", "median", "apart")


def read() -> HandedIn:
    """What lies in the folder, and what was uploaded beside it."""
    left, right = st.columns([1, 1], gap="medium")
    with left:
        typed = st.text_input(
            say("lessons.handins.folder"), str(hand_in.folder()), key="handins.folder", help=say("lessons.handins.help")
        )
        st.button(say("lessons.handins.again"), icon=":material/refresh:", key="handins.again")
    files = right.file_uploader(say("lessons.handins.files"), ENDINGS, accept_multiple_files=True, key="handins.files")
    found = of_files((file.name, file.getvalue()) for file in files)
    if not Path(typed) == hand_in.folder() or hand_in.folder().is_dir():
        try:
            found = in_folder(Path(typed).expanduser()) + found
        except (ValueError, OSError) as problem:
            left.error(plain_words(problem))
    return found


def summary(results: list[TaskResults]) -> str:
    """A line for each task."""
    head = [
        say(f"lessons.handins.{what}").capitalize()
        for what in ("task", "handed", "right", "wrong", "ungraded", "median", "apart")
    ]
    lines = [
        [
            plain(received.task_name(one.task)),
            *(str(number) for number in (one.count, one.right, one.wrong, one.ungraded)),
            "" if one.median is None else f"{one.median:.4g}",
            plain(joined("things", one.apart)),
        ]
        for one in results
    ]
    return table(head, lines)


def show_task(results: TaskResults, own: list[Received]) -> None:
    """The answers to one task, the guesses on the way to it, and who gave which."""
    left, right = st.columns([1.3, 1], gap="medium")
    numbered = [(one.handed.answer, one.state) for one in own if isinstance(one.handed.answer, float)]
    if numbered:
        with left:
            answers, states = zip(*numbered, strict=True)
            figure = class_answers(answers, states, state.theme(), say("lessons.handins.answer"))
            live_figure(figure, key="handins.answers", height=260, alt=say("lessons.handins.alt"), tween_seconds=0.0)
    lesson = results.task.partition(".")[0]
    with right:
        for step, guesses in results.guesses.items():
            head = [
                say("lessons.handins.guess", step=plain(received.step_name(lesson, step))),
                say("lessons.handins.students"),
            ]
            by_count = sorted(guesses.items(), key=lambda guess: -guess[1])
            lines = [[plain(received.guess_in_words(lesson, step, one)), str(times)] for one, times in by_count]
            st.markdown(table(head, lines))
    head = [say(f"lessons.handins.{what}") for what in ("student", "verdict", "answer", "reason", "open")]
    st.markdown(table(head, [line_of(one, is_apart=one.handed.name in results.apart) for one in own]))


def line_of(one: Received, *, is_apart: bool) -> list[str]:
    """A hand-in in the table of its task."""
    doubt = one.doubt or ("" if one.is_graded_again or one.handed.verdict is None else say("lessons.handins.claimed"))
    verdict = f"{received.ICONS[one.state]} {say(f'lessons.handins.{one.state}')}"
    answer = plain(one.answer) + (f" · {say('lessons.handins.is_apart')}" if is_apart else "")
    opened = f"[{say('lessons.handins.open_it')}]({one.link})"
    reason = plain(" ".join(one.handed.reason.split()))
    said = f"{verdict} · {plain(doubt)}" if doubt else verdict
    return [plain(one.handed.name), said, answer, reason, opened]


st.subheader(say("pages.handins.name"), anchor=False)
if not is_owner():
    st.info(say("lessons.handins.only_teacher"), icon=":material/lock:")
    end_page()
found = read()
with st.spinner(say("lessons.handins.grading")):
    everything = received.graded(found)
results = results_of(one.handed for one in everything)
students = len({one.handed.name.casefold() for one in everything})
parts = [count("lessons.handins.of_students", students), count("lessons.handins.of_files", len(everything))]
if found.unreadable:
    parts.append(count("lessons.handins.of_unreadable", len(found.unreadable)))
st.caption(" · ".join(parts))
if found.unreadable:
    with st.expander(say("lessons.handins.unreadable"), expanded=not everything, key="handins.unreadable"):
        st.markdown("\n".join(f"- **{plain(one.name[:80])}**: {plain_words(one.why)}" for one in found.unreadable))
if not everything:
    st.info(say("lessons.handins.none"), icon=":material/assignment_turned_in:")
    end_page()
with st.container(key="handins.tasks"):
    st.markdown(summary(list(results.values())))
chosen = st.selectbox(say("lessons.handins.choose"), list(results), format_func=received.task_name, key="handins.task")
with st.container(key="handins.of.task"):
    show_task(results[chosen], received.last_of_task(everything, chosen))
with st.expander(say("lessons.handins.by_student"), key="handins.students"):
    tasks = list(dict.fromkeys(one.handed.task for one in everything))
    head = [say("lessons.handins.student"), *(plain(received.task_name(task)) for task in tasks)]
    st.markdown(table(head, received.marks(everything)))
st.download_button(
    say("lessons.handins.csv"),
    csv_of(received.FIELDS, map(received.line_of, everything)),
    file_name="hand-ins.csv",
    mime="text/csv",
    icon=":material/download:",
    key="handins.csv",
    on_click="ignore",
)
