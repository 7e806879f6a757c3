"""Choosing a threshold: what it trades, why the goal comes first, and where a rate of false accepts leads."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import FarAtMost

RUN = "digits-semi-hard"
BY_HAND = {"run": RUN, "goal": "hand"}

LESSON = Lesson(
    "threshold",
    (
        Step("pairs", "verify", {"run": RUN, "goal": "eer"}),
        Step("trade", "verify", BY_HAND | {"threshold": "0.8"}, Question(("more", "as_many", "fewer"), right="more")),
        Step("task", "verify", BY_HAND | {"threshold": "1.2"}, task=FarAtMost(far=0.01)),
    ),
)
