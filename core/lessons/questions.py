"""Three questions to one space: ranking, rejection, clustering, of which it may answer one well and another badly."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import LargestOf

TRIPLETS, HARDEST, SOFTMAX = "digits-semi-hard", "digits-batch-hard", "digits-softmax"
OPEN = {"questions": "true"}

LESSON = Lesson(
    "questions",
    (
        Step("three", "explore", {"run": TRIPLETS} | OPEN),
        Step(
            "ranked",
            "explore",
            {"run": SOFTMAX} | OPEN,
            Question(("one", "four", "ten"), right="ten"),
            hides=("explore.questions",),
        ),
        Step("task", "explore", {"run": HARDEST} | OPEN, task=LargestOf("ami", (TRIPLETS, HARDEST))),
    ),
)
