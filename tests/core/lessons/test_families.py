"""What the lesson on families of losses says is so of core's losses on its points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.lessons.families import LESSON
from core.lessons.lesson import Step
from core.lessons.placements import HARD, TripletIs
from tests.core.lessons.placed_steps import named, placed, slopes, verdict


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


def test_of_the_quadruplet_loss_pairs_of_two_other_classes_push_each_other() -> None:
    step = named(LESSON, "quadruplet")
    classes = placed(step).classes
    rows = np.flatnonzero(classes == 1)
    drawn = [follows(step, row, anchors=[0], seed=seed)[classes == 2].sum() for row in rows for seed in range(4)]
    assert max(drawn) > 0  # of B and C, though no triplet of the first A has both


def test_center_loss_pulls_a_point_to_the_centre_of_its_class() -> None:
    step = named(LESSON, "center")
    parameters = {**placed(step).parameters, "softmax_weight": 0.0}
    centres = [0.2, 0.1, -0.3, 0.4, 0.5, -0.6]
    learned = {"weight": [0.0] * 6, "bias": [0.0] * 3, "centres": centres}
    pull = slopes(step, parameters=parameters, learned=learned, isUnit=False)["gradients"]["points"]
    evidence = placed(step)
    toward = evidence.points - np.array(centres).reshape(3, 2)[evidence.classes]
    np.testing.assert_allclose(pull, parameters["centre_weight"] * toward / len(toward))


def test_the_task_begins_too_wide_and_is_done_behind_the_anchor() -> None:
    step = LESSON.steps[-1]
    assert verdict(step) == "too_wide"
    done = "a-50_0a50_0b-60_-30b110_90"
    assert verdict(step, done) == "right"
    evidence = placed(step, done)
    hard = TripletIs(HARD).grade("", type(evidence)(evidence.points, evidence.classes, {"margin": 0.2}))
    assert hard.is_right
    assert verdict(step, "a-50_0a50_0b-200_0b110_90") == "not_hard"
    assert placed(step).parameters["angle"] == pytest.approx(45)
