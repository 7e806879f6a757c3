"""Families of losses on one picture: what pulls and pushes the same points in N-pair, lifted, quadruplet, center and
angular loss."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import HardBySide

POINTS = "a34_94a-50_87a97_26b-87_50b-94_-34b-9_100c17_-98c87_-50c-57_-82"  # of three classes, on the circle
SAME = {"start": "classes", "space": "circle", "points": POINTS}
ANGLE = {"play": "angular", "start": "pairs", "space": "plane", "points": "a-50_0a50_0b20_-30b110_90"}

LESSON = Lesson(
    "families",
    (
        Step(
            "n_pair",
            "playground",
            {"play": "n-pair"} | SAME,
            Question(("one", "one_each", "all"), right="one_each"),
        ),
        Step(
            "lifted",
            "playground",
            {"play": "lifted-structured"} | SAME,
            Question(("nearest", "alike", "furthest"), right="nearest"),
        ),
        Step(
            "quadruplet",
            "playground",
            {"play": "quadruplet"} | SAME,
            Question(("no", "yes"), right="yes"),
        ),
        Step(
            "center",
            "playground",
            {"play": "center", "values": "centre_weight-0.5"} | SAME,
            Question(("twin", "centre", "weights"), right="centre"),
        ),
        Step("task", "playground", ANGLE, task=HardBySide()),
    ),
)
