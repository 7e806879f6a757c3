"""A lesson: steps, each at a page with its settings, that ask for a guess, let the reader try, and tell why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.lessons.tasks import Task


@dataclass(frozen=True)
class Question:
    """A guess before anything is tried: the names of the answers, and the right one among them."""

    answers: tuple[str, ...]
    right: str

    def __post_init__(self) -> None:
        if self.right not in self.answers:
            raise ValueError(f"the right answer must be among {', '.join(self.answers)}, got {self.right!r}. Add it.")


@dataclass(frozen=True)
class Step:
    """One step. `name` is that of its words, `page` that of a file in dashboard/views, `address` what the address says
    there at first, by the names of settings; `hides` names the parts of the page that would tell the answer before
    a guess, by their keys."""

    name: str
    page: str
    address: Mapping[str, str] = field(default_factory=dict)
    question: Question | None = None
    task: Task | None = None
    hides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """Steps in their order; the last one has a task."""

    name: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise ValueError(f"the steps of a lesson must have names of their own, got {', '.join(names)}. Rename one.")
        if not self.steps or self.steps[-1].task is None:
            raise ValueError(f"a lesson must end with a task, got {self.name!r} without. Give its last step one.")

    def step(self, number: int) -> Step:
        """The step of that number, from 1. Raises ValueError where there is none."""
        if not 1 <= number <= len(self.steps):
            raise ValueError(f"a step must be from 1 to {len(self.steps)}, got {number}. Choose one of these.")
        return self.steps[number - 1]
