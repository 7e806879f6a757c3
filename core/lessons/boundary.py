"""Margin loss: a boundary between near and far that is learned, with a margin on both of its sides."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import OutsideBoundary

LEARNED = {"play": "margin-based", "start": "pairs", "space": "plane", "values": "boundary_kind-shared"}
LONG = LEARNED | {"points": "a-100_-120a100_-120b-100_120b100_120"}

LESSON = Lesson(
    "boundary",
    (
        Step("sides", "playground", LEARNED),
        Step("learns", "playground", LONG, Question(("grows", "stays", "shrinks"), right="grows")),
        Step("task", "playground", LONG, task=OutsideBoundary()),
    ),
)
