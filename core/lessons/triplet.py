"""A triplet and its margin: what the loss asks for, where it is silent, and what squaring the distances takes away."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import SEMI_HARD, TripletIs

THREE = {"play": "triplet", "start": "triplet", "space": "circle"}
NEAR = {"play": "triplet", "start": "triplet", "space": "plane", "points": "a0_0a80_20b-6_4"}

LESSON = Lesson(
    "triplet",
    (
        Step("three", "playground", THREE),
        Step("zero", "playground", THREE, Question(("pushes", "margin", "nothing"), right="nothing")),
        Step("squared", "playground", NEAR, Question(("stronger", "alike", "hardly"), right="hardly")),
        Step("task", "playground", THREE | {"points": "a-17_98a67_74b-50_87"}, task=TripletIs(SEMI_HARD)),
    ),
)
