"""What the lesson on triplets says is so of core's triplet loss on its points."""

from __future__ import annotations

import numpy as np
import pytest

from core.lessons.placements import HARD, SEMI_HARD, TripletIs
from core.lessons.triplet import LESSON
from tests.core.lessons.placed_steps import named, placed, slopes, verdict

OPPOSITE = "a-17_98a67_74b17_-98"


def test_it_begins_semi_hard_and_an_opposite_negative_leaves_nothing() -> None:
    step = named(LESSON, "zero")
    assert TripletIs(SEMI_HARD).grade("", placed(step)).is_right and slopes(step)["objective"] > 0
    found = slopes(step, OPPOSITE)
    assert found["objective"] == 0 and not found["gradients"]["points"].any()


def test_by_squared_distances_a_negative_on_the_anchor_is_hardly_pushed() -> None:
    step = named(LESSON, "squared")
    assert TripletIs(HARD).grade("", placed(step)).is_right
    plain, squared = (slopes(step, isSquared=is_squared)["gradients"]["points"][2] for is_squared in (False, True))
    assert np.linalg.norm(plain) == pytest.approx(1)
    assert np.linalg.norm(squared) == pytest.approx(2 * placed(step).apart(0, 2)) and np.linalg.norm(squared) < 0.2


def test_the_task_begins_hard_and_can_be_done() -> None:
    step = LESSON.steps[-1]
    assert verdict(step) == "hard"
    assert verdict(step, OPPOSITE) == "easy"
    assert verdict(step, "a-17_98a67_74b-94_34") == "right"
