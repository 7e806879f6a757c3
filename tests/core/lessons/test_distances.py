"""What the lesson on distances says is so of its points."""

from __future__ import annotations

import pytest

from core.lessons.distances import LESSON
from tests.core.lessons.placed_steps import named, placed, verdict


def test_sixty_degrees_are_a_distance_of_one_and_opposite_points_are_two_apart() -> None:
    step = named(LESSON, "circle")
    assert placed(step).apart(0, 1) == pytest.approx(1, abs=0.01)
    assert placed(step, "a0_100a0_-100b-100_0").apart(0, 1) == pytest.approx(2)


def test_a_long_vector_in_the_anchors_direction_wins_by_product() -> None:
    step = named(LESSON, "products")
    assert verdict(step) == "alike"
    assert verdict(step, "a60_40a20_80b150_100b-40_-70") == "right"


def test_by_squares_the_middle_is_a_short_cut() -> None:
    step = LESSON.steps[-1]
    assert verdict(step) == "longer"
    assert verdict(step, "a-80_0a0_0b80_0") == "right"
    over = placed(step, "a-50_0a0_0b50_0")
    assert over.apart(0, 1) ** 2 + over.apart(1, 2) ** 2 == pytest.approx(0.5) and over.apart(0, 2) == 1
