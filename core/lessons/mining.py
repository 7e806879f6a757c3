"""Why random mining stalls and hardest mining collapses: nearly all triplets become easy, the hardest are a trap."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.tasks import FirstEpochBelow

RUN, COLLAPSED = "digits-semi-hard", "fashion-batch-hard"

LESSON = Lesson(
    "mining",
    (
        Step("watch", "learn", {"recording": RUN}),
        Step(
            "share",
            "mine",
            {"run": RUN, "epoch": "20", "margin": "0.2"},
            Question(("half", "tenth", "fiftieth"), right="fiftieth"),
        ),
        Step(
            "hardest",
            "learn",
            {"recording": COLLAPSED},
            Question(("faster", "same", "one_point"), right="one_point"),
            hides=("running.alarm", "learn.story"),
        ),
        Step("task", "mine", {"run": RUN, "epoch": "0", "margin": "0.2"}, task=FirstEpochBelow(share=0.02)),
    ),
)
