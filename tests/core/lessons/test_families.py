"""What the lesson on families of losses says is so of core's losses on its points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.lessons.families import LESSON
from core.lessons.lesson import Step
from core.lessons.placements import HARD, PlacedEvidence, TripletIs
from tests.core.lessons.placed_steps import named, placed, situation, slopes, verdict

# What the playground draws for the pairs of nine points, to which tests/browser/test_playground_formulas.py holds it.
DRAWN = [
    *([0, 1, 3, 6], [0, 2, 7, 3], [1, 2, 5, 8], [3, 4, 2, 8], [3, 5, 0, 8]),
    *([4, 5, 2, 6], [6, 7, 0, 4], [6, 8, 4, 0], [7, 8, 0, 4]),
]


def follows(step: Step, row: int, **given: Any) -> np.ndarray:
    """How much the gradient of a row changes with each other point, moved a little (central differences)."""
    points, found = placed(step).points, []
    for other in range(len(points)):
        sides = []
        for sign in (1, -1):
            moved = points.copy()
            moved[other] += sign * 1e-4
            changed = {"points": moved.ravel().tolist(), "isUnit": False}
            sides.append(slopes(step, **changed, **given)["gradients"]["points"][row])
        found.append(np.linalg.norm(sides[0] - sides[1]) / 2e-4)
    return np.array(found)


def test_an_anchor_of_n_pair_is_pushed_by_one_negative_of_each_other_class() -> None:
    step = named(LESSON, "n_pair")
    moves, classes = follows(step, 0), placed(step).classes
    for other in (1, 2):
        assert np.count_nonzero(moves[classes == other] > 1e-6) == 1


def test_of_the_lifted_loss_a_negative_counts_by_e_to_the_power_of_minus_its_distance() -> None:
    step = named(LESSON, "lifted")
    evidence = placed(step)
    push = np.linalg.norm(slopes(step, isUnit=False, anchors=[0])["gradients"]["points"][3:], axis=1)
    apart = np.array([evidence.apart(0, row) for row in range(3, 9)])
    np.testing.assert_allclose(push / push.sum(), np.exp(-apart) / np.exp(-apart).sum())


def test_of_the_quadruplet_loss_two_points_of_other_classes_push_each_other() -> None:
    step = named(LESSON, "quadruplet")
    evidence = placed(step)
    demands = [
        evidence.apart(one, two) ** 2 - evidence.apart(three, four) ** 2 + evidence.parameters["pair_margin"]
        for one, two, three, four in DRAWN
    ]
    assert [demand > 0 for demand in demands] == [True, *[False] * 8], "A1 and A2 against B1 and C1 alone"


def test_center_loss_pulls_a_point_to_the_centre_of_its_class() -> None:
    step = named(LESSON, "center")
    evidence, parts = placed(step), situation(step).parts
    centres = np.array(parts["centres"])
    middles = [evidence.points[evidence.classes == label].mean(axis=0) for label in range(3)]
    np.testing.assert_allclose(centres, middles, atol=0.01)
    learned = {"weight": [0.0] * 6, "bias": [0.0] * 3, "centres": centres.ravel().tolist()}
    pull = slopes(step, learned=learned)["gradients"]["points"]
    toward = evidence.points - centres[evidence.classes]
    np.testing.assert_allclose(pull, evidence.parameters["centre_weight"] * toward / len(toward), atol=1e-12)
    assert evidence.parameters["softmax_weight"] == 0


def test_the_task_begins_too_wide_and_is_done_on_the_other_side_of_the_anchor() -> None:
    step = LESSON.steps[-1]
    done = "a-87_50a87_50b-64_-77b0_-100"
    assert verdict(step) == "too_wide" and placed(step).parameters["angle"] == pytest.approx(45)
    assert verdict(step, done) == "right"
    assert verdict(step, "a-87_50a87_50b87_-50b0_-100") == "not_hard"
    evidence = placed(step, done)
    hard = PlacedEvidence(evidence.points, evidence.classes, {"margin": 0.2})
    assert TripletIs(HARD).grade("", hard).is_right
    assert slopes(step, done)["objective"] < slopes(step)["objective"]
