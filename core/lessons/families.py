"""Families of losses on one picture: what pulls and pushes the same points in N-pair, lifted, quadruplet, center and
angular loss."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import HardBySide

POINTS = "a34_94a-50_87a97_26b-87_50b-94_-34b-9_100c17_-98c87_-50c-57_-82"  # of three classes, on the circle
SAME = {"start": "classes", "space": "circle", "points": POINTS}
FOURTH = {  # whose only active second demand is that B1 and C1 be further apart than A1 and A2
    "play": "quadruplet",
    "start": "classes",
    "space": "circle",
    "values": "anchors-first",
    "points": "a34_94a-87_50a77_64b-94_-34b-98_17b-82_-57c-50_-87c50_-87c87_-50",
}
CENTRES = {  # of each class in the middle of its points
    "play": "center",
    "start": "classes",
    "space": "plane",
    "points": POINTS,
    "values": "softmax_weight-0~centre_weight-0.5",
    "parts": "centres.27_69.-63_39.16_-77",
}
ALL = "all others"
ANGLE = {
    "play": "angular",
    "start": "pairs",
    "space": "circle",
    "values": f"negatives-{ALL}",
    "points": "a-87_50a87_50b-17_98b0_-100",
}

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
            FOURTH,
            Question(("no", "yes"), right="yes"),
        ),
        Step(
            "center",
            "playground",
            CENTRES,
            Question(("twin", "centre", "weights"), right="centre"),
        ),
        Step("task", "playground", ANGLE, task=HardBySide()),
    ),
)
