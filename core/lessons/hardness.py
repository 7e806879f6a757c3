"""Easy, semi-hard, hard: what the margin makes of the same triplets, early and late in a training."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import SmallestMargin

RUN = "digits-semi-hard"
EARLY, LATE = "0.5714", "20"  # epochs of the recorded run

LESSON = Lesson(
    "hardness",
    (
        Step("triplet", "mine", {"run": RUN, "epoch": EARLY, "margin": "0.2"}),
        Step(
            "margin",
            "mine",
            {"run": RUN, "epoch": EARLY, "margin": "0.2"},
            Question(("more", "as_many", "fewer"), right="as_many"),
        ),
        Step(
            "late",
            "mine",
            {"run": RUN, "epoch": LATE, "margin": "0.2"},
            Question(("more", "as_many", "fewer"), right="fewer"),
        ),
        Step("task", "mine", {"run": RUN, "epoch": EARLY, "margin": "0.02"}, task=SmallestMargin(share=0.1)),
    ),
)
