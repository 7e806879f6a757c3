"""What an embedding is, and why naming the class is not enough: closed-set and open-set."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import LargestOf

TRIPLETS, SOFTMAX = "digits-semi-hard", "digits-softmax"
BOTH = {"runs": f"{TRIPLETS},{SOFTMAX}"}

LESSON = Lesson(
    "embedding",
    (
        Step("points", "learn", {"recording": TRIPLETS}),
        Step("classes", "learn", {"recording": SOFTMAX}, Question(("none", "new", "all"), right="new")),
        Step("apart", "compare", BOTH, Question(("triplets", "softmax", "alike"), right="triplets")),
        Step("task", "compare", BOTH, task=LargestOf("eer", (TRIPLETS, SOFTMAX), smallest=True)),
    ),
)
