"""Contrastive: pairs of one class pull each other together, pairs of two push each other apart as far as the margin."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import PushingPairs

PAIRS = {"play": "contrastive", "start": "pairs", "space": "plane"}
FAR = PAIRS | {"points": "a-60_40a-20_70b40_-60b90_-30"}

LESSON = Lesson(
    "contrastive",
    (
        Step("pairs", "playground", PAIRS),
        Step("far", "playground", FAR, Question(("weakly", "as_strongly", "nothing"), right="nothing")),
        Step("alone", "playground", PAIRS, Question(("apart", "point_each", "still"), right="point_each")),
        Step("task", "playground", FAR, task=PushingPairs(count=2)),
    ),
)
