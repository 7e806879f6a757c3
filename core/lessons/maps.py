"""How a map misleads: two dimensions cannot hold all neighbours, and distances between islands say little."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import LostNeighbour

RUN = "digits-semi-hard"

LESSON = Lesson(
    "maps",
    (
        Step("drawn", "explore", {"run": RUN}),
        Step("islands", "explore", {"run": RUN}, Question(("twice", "more", "unknown"), right="unknown")),
        Step("task", "explore", {"run": RUN}, task=LostNeighbour(among=6, kept=0)),
    ),
)
