"""What came of a task in a class: who was right, what was guessed, how the answers lie, and which lie apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.lessons.handin import HandIn

FENCE = 1.5  # quartile distances, as Tukey has it
FEWEST = 4  # numbers that have outliers


@dataclass(frozen=True)
class TaskResults:
    """Of one task: how many answers are right, wrong and not graded; the answers that are numbers (N,), rising; the
    students whose number lies apart; of each step with a question how often each answer was guessed."""

    task: str
    right: int
    wrong: int
    ungraded: int
    numbers: np.ndarray
    apart: tuple[str, ...]
    guesses: Mapping[str, Mapping[str, int]]

    @property
    def median(self) -> float | None:
        """Of the answers that are numbers."""
        return float(np.median(self.numbers)) if len(self.numbers) else None

    @property
    def count(self) -> int:
        """Of students who handed it in."""
        return self.right + self.wrong + self.ungraded


def last_of_each(handed: Iterable[HandIn]) -> list[HandIn]:
    """Of each student, by name, and task the one that was handed in last; of two at one moment the later in the
    list."""
    last: dict[tuple[str, str], HandIn] = {}
    for one in handed:
        key = (one.name.casefold(), one.task)
        if key not in last or _moment(one) >= _moment(last[key]):
            last[key] = one
    return list(last.values())


def results_of(handed: Iterable[HandIn]) -> dict[str, TaskResults]:
    """Of each task, in the order of its first hand-in; each student counts once, with the last one."""
    by_task: dict[str, list[HandIn]] = {}
    for one in last_of_each(handed):
        by_task.setdefault(one.task, []).append(one)
    return {task: _results(task, own) for task, own in by_task.items()}


def _results(task: str, handed: list[HandIn]) -> TaskResults:
    numbered = [(one.name, one.answer) for one in handed if isinstance(one.answer, float)]
    numbers = np.array([number for _, number in numbered])
    apart = tuple(name for (name, _), out in zip(numbered, are_apart(numbers), strict=True) if out)
    guesses: dict[str, Counter[str]] = {}
    for one in handed:
        for step, guess in one.guesses.items():
            guesses.setdefault(step, Counter())[guess] += 1
    verdicts = [one.verdict for one in handed if one.verdict is not None]
    right = sum(verdict.is_right for verdict in verdicts)
    wrong = len(verdicts) - right
    return TaskResults(task, right, wrong, len(handed) - len(verdicts), np.sort(numbers), apart, guesses)


def are_apart(numbers: np.ndarray) -> np.ndarray:
    """(N,) -> which lie more than FENCE quartile distances beyond the quartiles, (N,); of fewer than FEWEST numbers
    none does. Quartiles are interpolated linearly."""
    if len(numbers) < FEWEST:
        return np.zeros(len(numbers), dtype=bool)
    low, high = np.quantile(numbers, [0.25, 0.75])
    reach = FENCE * (high - low)
    return (numbers < low - reach) | (numbers > high + reach)


def _moment(handed: HandIn) -> float:
    return datetime.fromisoformat(handed.date).timestamp()
