"""What a student hands in: the answer to a lesson's task, or a threshold chosen on Verify, as a small JSON file.

The file says all that is needed to grade it again: the task, the answer, the run and the address of the page. It is
hostile input to whoever reads it: its size, its depth, its names, types and lengths are checked, and nothing in it is
believed to be right that can be graded again.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, TypeAlias

from core.lessons import LESSONS
from core.lessons.lesson import Step
from core.lessons.tasks import Verdict

FORMAT, VERSION = "metric-lab-hand-in", 1
THRESHOLD = "@"  # before the run whose threshold was chosen, where no lesson asked: no lesson's name begins so
MOST_BYTES = 64_000
DEEPEST = 3  # objects within objects
MOST_NAMES, MOST_LETTERS, MOST_REASON, MOST_NAME = 40, 2000, 1000, 60
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}|")
DIGEST = re.compile(r"[0-9a-f]{32}|")

Answer: TypeAlias = float | str


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """One answer of one student. `lesson` and `step` are empty for a threshold that no lesson asked for; `address` is
    what the address of the page said; `guesses` are those of the lesson, by its steps. `run` is the run's name,
    `configuration` the digest of its data and settings, and `threshold` a distance, where one was chosen."""

    lesson: str = ""
    step: str = ""
    page: str
    address: Mapping[str, str]
    answer: Answer
    verdict: Verdict | None = None
    guesses: Mapping[str, str] = field(default_factory=dict)
    run: str = ""
    configuration: str = ""
    threshold: float | None = None
    reason: str = ""
    name: str
    date: str

    @property
    def task(self) -> str:
        """By which answers to the same question come together: the lesson and its step, or the run whose threshold it
        is."""
        return f"{self.lesson}.{self.step}" if self.lesson else f"{THRESHOLD}{self.run}"

    @property
    def step_of_lesson(self) -> Step | None:
        """The step whose task was done; None where no lesson asked, or one that is not there."""
        steps = LESSONS[self.lesson].steps if self.lesson in LESSONS else ()
        return next((step for step in steps if step.name == self.step and step.task is not None), None)

    def written(self) -> str:
        """The text of the file, which `read` takes. Raises ValueError for NaN and infinity, which are not JSON."""
        verdict = self.verdict and {
            "right": self.verdict.is_right,
            "why": self.verdict.why,
            "values": {name: one for name, one in map(_plain, self.verdict.values.items()) if one is not None},
        }
        plain = {
            "format": FORMAT,
            "version": VERSION,
            "lesson": self.lesson,
            "step": self.step,
            "page": self.page,
            "address": dict(self.address),
            "answer": self.answer,
            "verdict": verdict,
            "guesses": dict(self.guesses),
            "run": self.run,
            "configuration": self.configuration,
            "threshold": self.threshold,
            "reason": self.reason,
            "name": self.name,
            "date": self.date,
        }
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read(content: bytes) -> HandIn:
    """The hand-in that a file holds. Raises ValueError with the reason for any other file."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"a hand-in must have at most {MOST_BYTES} bytes, got {len(content)}. Ask for it again.")
    try:
        plain = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"a hand-in must be JSON, got {_fault(problem)}. Ask for it again.") from None
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ValueError("the file must be a hand-in of Metric Lab, got another one. Leave it out.")
    if plain.get("version") != VERSION or isinstance(plain["version"], bool):
        raise ValueError(
            f"a hand-in must have the version {VERSION}, got {str(plain.get('version'))[:20]!r}. "
            "Open it with the version of Metric Lab that wrote it."
        )
    if _depth(plain) > DEEPEST:
        raise ValueError(f"a hand-in must be at most {DEEPEST} objects deep, got more. Ask for it again.")
    if strange := sorted(plain.keys() - READERS.keys() - {"format", "version"}):
        raise ValueError(f"a hand-in must have only its own fields, got {strange[0][:40]!r}. Ask for it again.")
    return HandIn(**{name: read_field(name, plain.get(name)) for name, read_field in READERS.items()})


def regraded(handed: HandIn, evidence: Any) -> Verdict:
    """The verdict on the answer by the evidence of its run. Raises ValueError where no task was done."""
    step = handed.step_of_lesson
    if step is None or step.task is None:
        raise ValueError(f"a hand-in must be of a task to be graded, got {handed.task[:60]!r}. Read it yourself.")
    return step.task.grade(handed.answer, evidence)


def _plain(named: tuple[str, Any]) -> tuple[str, Answer | None]:
    """A value of a verdict as JSON has it, by its name; none for what is no number there."""
    name, value = named
    if isinstance(value, str):
        return name, value
    return name, float(value) if value is not None and math.isfinite(value) else None


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _fault(problem: Exception) -> str:
    """What is wrong with a text, without quoting it."""
    if isinstance(problem, json.JSONDecodeError):
        return f"a fault in line {problem.lineno}"
    return "no UTF-8 text" if isinstance(problem, UnicodeDecodeError) else "numbers or depths that JSON has not"


def _depth(plain: object) -> int:
    """How many objects and lists lie within each other, without calling itself: a deep one would end that."""
    deepest, waiting = 0, [(plain, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, (dict, list)):
            deepest = max(deepest, depth)
            waiting += [(one, depth + 1) for one in (value.values() if isinstance(value, dict) else value)]
    return deepest


def _wrong(name: str, rule: str) -> ValueError:
    return ValueError(f"the {name} of a hand-in must be {rule}, got something else. Ask for it again.")


def _text(most: int) -> Callable[[str, object], str]:
    """A text, of which what cannot be seen becomes a blank."""

    def read_text(name: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise _wrong(name, f"a text of at most {most} characters")
        return "".join(one if one.isprintable() or one == "\n" else " " for one in value).strip()

    return read_text


def _like(rule: re.Pattern[str], called: str) -> Callable[[str, object], str]:
    def read_name(name: str, value: object) -> str:
        if not isinstance(value, str) or not rule.fullmatch(value):
            raise _wrong(name, called)
        return value

    return read_name


def _optional(name: str, value: object) -> str:
    """The name of a lesson or step, or nothing."""
    return "" if value == "" else _like(NAME, "a short name, or empty")(name, value)


def _names(name: str, value: object) -> dict[str, str]:
    """Texts by names."""
    if not isinstance(value, dict) or len(value) > MOST_NAMES:
        raise _wrong(name, f"an object of at most {MOST_NAMES} texts")
    text = _text(MOST_LETTERS)
    return {_like(NAME, "of short names")(name, key): text(name, one) for key, one in value.items()}


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _is_finite(value):
        raise _wrong(name, "a number, or null")
    return float(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of very many digits
        return False


def _answer(name: str, value: object) -> Answer:
    if isinstance(value, str):
        return _text(MOST_LETTERS)(name, value)
    number = _number(name, value)
    if number is None:
        raise _wrong(name, "a number or a text")
    return number


def _verdict(name: str, value: object) -> Verdict | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("right"), bool):
        raise _wrong(name, "an object that says right or not, or null")
    values = value.get("values")
    if not isinstance(values, dict) or len(values) > MOST_NAMES:
        raise _wrong(name, f"an object with at most {MOST_NAMES} values")
    read_name = _like(NAME, "an object of short names")
    plain = {read_name(name, key): _answer(name, one) for key, one in values.items()}
    return Verdict(value["right"], read_name(name, value.get("why")), plain)


def _date(name: str, value: object) -> str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _wrong(name, "a date and time with its time zone, as of ISO 8601")
    return moment.isoformat(timespec="seconds")


READERS: dict[str, Callable[[str, object], Any]] = {
    "lesson": _optional,
    "step": _optional,
    "page": _like(NAME, "the name of a page"),
    "address": _names,
    "answer": _answer,
    "verdict": _verdict,
    "guesses": _names,
    "run": _like(RUN, "the name of a run, or empty"),
    "configuration": _like(DIGEST, "32 hexadecimal characters, or empty"),
    "threshold": _number,
    "reason": _text(MOST_REASON),
    "name": _text(MOST_NAME),
    "date": _date,
}
