"""Distances and normalisation: d^2 = 2 - 2 cos on the circle, where products go astray, and what is no metric."""

from core.lessons.lesson import Lesson, Question, Step
from core.lessons.placements import OtherByProduct, ShortCut

CIRCLE = {"play": "triplet", "start": "triplet", "space": "circle", "points": "a0_100a87_50b-100_0"}
PRODUCTS = {"play": "n-pair", "start": "pairs", "space": "plane", "points": "a60_40a20_80b-30_60b-40_-70"}
SQUARED = {  # every pair is drawn with its distance
    "play": "contrastive",
    "start": "pairs",
    "space": "plane",
    "values": "squared-true",
    "points": "a-80_0a0_110b80_0",
}  # fmt: skip

LESSON = Lesson(
    "distances",
    (
        Step("circle", "playground", CIRCLE, Question(("one", "two", "any"), right="two")),
        Step("products", "playground", PRODUCTS, task=OtherByProduct()),
        Step("task", "playground", SQUARED, Question(("shorter", "same", "longer"), right="shorter"), ShortCut()),
    ),
)
