"""What a class has handed in, as its teacher reads it: graded again where the run is at hand, with links to pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import streamlit as st

from core.lessons import LESSONS
from core.lessons.class_results import last_of_each
from core.lessons.handin import THRESHOLD, HandIn, regraded
from core.lessons.handin_folder import HandedIn
from dashboard import url
from dashboard.components.page_end import PROBLEMS
from dashboard.core_words import translated
from dashboard.lessons.evidence import evidence_for
from dashboard.lessons.links import title_of_task
from dashboard.lookups import runs
from dashboard.markdown import plain
from dashboard.settings import HIDE, LIMIT
from dashboard.wording import catalogue, language, say

RIGHT, WRONG, UNGRADED = "right", "wrong", "ungraded"
ICONS = {RIGHT: ":material/check_circle:", WRONG: ":material/cancel:", UNGRADED: ":material/help:"}
FIELDS = (
    *("name", "date", "lesson", "step", "answer", "verdict", "graded_again", "why", "reason", "threshold"),
    *("run", "configuration", "guesses", "file", "link"),
)


@dataclass(frozen=True)
class Received:
    """A hand-in by the name of its file, with the verdict that holds; `doubt` is why it could not be graded again, or
    that the file said otherwise."""

    file: str
    handed: HandIn
    is_graded_again: bool
    doubt: str = ""

    @property
    def state(self) -> str:
        """Right, wrong or not graded."""
        verdict = self.handed.verdict
        return UNGRADED if verdict is None else RIGHT if verdict.is_right else WRONG

    @property
    def link(self) -> str:
        """The address of its page as it was handed in, below the address of this server, with nothing hidden."""
        hidden = (HIDE.name, LIMIT.name)
        address = {name: text for name, text in self.handed.address.items() if name not in hidden}
        step = self.handed.step_of_lesson
        page = step.page if step else "verify"
        base = str(st.get_option("server.baseUrlPath")).strip("/")
        return f"{f'/{base}' if base else ''}/{'' if page == 'learn' else page}?{urlencode(address)}"

    @property
    def answer(self) -> str:
        """As it is shown: a number, a run's title, or the text as it is."""
        answer = self.handed.answer
        if isinstance(answer, float):
            return f"{answer:.6g}"
        return runs.titles_of([answer]).get(answer, answer[:60]) if runs.LESSON.fullmatch(answer) else answer[:60]


def graded(found: HandedIn) -> list[Received]:
    """Every hand-in, in the order of the files."""
    return [_graded(file, handed) for file, handed in found.handed.items()]


def _graded(file: str, handed: HandIn) -> Received:
    if handed.step_of_lesson is None or handed.step_of_lesson.task is None:
        return Received(file, replace(handed, verdict=None), False)
    task = handed.step_of_lesson.task
    try:
        with url.supposing(handed.address):
            verdict = regraded(handed, evidence_for(task, handed.answer))
    except PROBLEMS as problem:  # a run that is not here
        return Received(file, handed, False, translated(str(problem)))
    except TypeError:
        return Received(file, replace(handed, verdict=None), False, say("lessons.handins.other_kind"))
    claimed = handed.verdict
    differs = claimed is None or claimed.is_right != verdict.is_right
    return Received(file, replace(handed, verdict=verdict), True, say("lessons.handins.differs") if differs else "")


def last_of_task(received: Iterable[Received], task: str) -> list[Received]:
    """Of each student the last one of this task, by names."""
    by_handed = {id(one.handed): one for one in received if one.handed.task == task}
    last = last_of_each(one.handed for one in by_handed.values())
    return sorted((by_handed[id(one)] for one in last), key=lambda one: one.handed.name.casefold())


def task_name(task: str) -> str:
    """What a task is called: its lesson, or the run whose threshold was chosen."""
    if task.startswith(THRESHOLD):
        run = task.removeprefix(THRESHOLD)
        return say("lessons.handins.threshold_of", run=runs.titles_of([run]).get(run, run))
    lesson, _, step = task.partition(".")
    return title_of_task(lesson, step)


def step_name(lesson: str, step: str) -> str:
    """The number of a step in its lesson, or its name where there is none of that name."""
    names = [one.name for one in LESSONS[lesson].steps] if lesson in LESSONS else []
    return str(names.index(step) + 1) if step in names else step[:30]


def guess_in_words(lesson: str, step: str, guess: str) -> str:
    """An answer to a question as the page has it, or by its name where there is no such question."""
    key = f"lessons.{lesson}.{step}.answers.{guess}"
    return say(key) if key in catalogue(language()) else guess[:60]


def line_of(one: Received) -> list[object]:
    """A line of the table that is saved, in the order of FIELDS."""
    handed, verdict = one.handed, one.handed.verdict
    guesses = "; ".join(f"{step}: {guess}" for step, guess in handed.guesses.items())
    graded_again = "yes" if one.is_graded_again else "no"
    return [
        *(handed.name, handed.date, handed.lesson, handed.step, handed.answer, one.state, graded_again),
        *(verdict.why if verdict else "", handed.reason, handed.threshold, handed.run, handed.configuration),
        *(guesses, one.file, one.link),
    ]


def marks(received: list[Received]) -> list[list[str]]:
    """Lines of Markdown for a table: a student, and for each task that was handed in how it went, as a link to the
    page. Names are as they are written."""
    tasks = list(dict.fromkeys(one.handed.task for one in received))
    last: dict[str, dict[str, Received]] = {}
    for one in sorted(received, key=lambda one: one.handed.date):
        last.setdefault(one.handed.name, {})[one.handed.task] = one
    return [
        [plain(name), *(f"[{ICONS[own[task].state]}]({own[task].link})" if task in own else "" for task in tasks)]
        for name, own in sorted(last.items(), key=lambda item: item[0].casefold())
    ]
