"""What a ROC curve hides: its left end, where curves cross, and the classes that one threshold serves badly."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import FarAtMost

RUN, OTHER = "digits-semi-hard", "digits-batch-hard"

LESSON = Lesson(
    "roc",
    (
        Step(
            "area",
            "verify",
            {"run": RUN, "goal": "far", "far": "1"},
            Question(("hundredth", "seventh", "half"), right="seventh"),
        ),
        Step(
            "crossing",
            "compare",
            {"runs": f"{RUN},{OTHER}"},
            Question(("first", "second", "depends"), right="depends"),
        ),
        Step(
            "classes",
            "verify",
            {"run": RUN, "goal": "far", "far": "1", "section": "identities"},
            Question(("alike", "double", "twenty"), right="twenty"),
        ),
        Step("task", "verify", {"run": RUN, "goal": "hand", "threshold": "0.98"}, task=FarAtMost(far=0.001)),
    ),
)
