"""What the lesson on pairs says is so of core's contrastive loss on its points."""

from __future__ import annotations

import numpy as np

from core.lessons.contrastive import LESSON
from tests.core.lessons.placed_steps import named, placed, slopes, verdict


def test_beyond_the_margin_nothing_pushes() -> None:
    step = named(LESSON, "far")
    evidence = placed(step)
    assert min(evidence.apart(*pair) for pair in evidence.pairs(is_same=False)) > evidence.parameters["margin"]
    pull = slopes(step)["gradients"]["points"]
    assert (np.sign(pull[0] - pull[1]) == np.sign(evidence.points[0] - evidence.points[1])).all()
    np.testing.assert_allclose(pull[0], -pull[1])  # of their own class alone
    np.testing.assert_allclose(pull[2], -pull[3])


def test_where_pairs_only_pull_each_class_becomes_one_point() -> None:
    step = named(LESSON, "alone")
    evidence = placed(step)
    parameters, points = {**evidence.parameters, "margin": 0.01}, evidence.points
    for _ in range(200):
        found = slopes(step, parameters=parameters, points=points.ravel().tolist())
        points = points - found["gradients"]["points"]
    assert np.linalg.norm(points[0] - points[1]) < 1e-3 and np.linalg.norm(points[2] - points[3]) < 1e-3
    assert np.linalg.norm(points[0] - points[2]) > 0.3


def test_the_task_begins_undone_and_two_pairs_that_push_do_it() -> None:
    step = LESSON.steps[-1]
    assert verdict(step) == "too_few"
    assert verdict(step, "a-60_40a10_0b40_-60b90_-30") == "right"
    assert verdict(step, "a-60_40a40_0b40_-60b50_-30") == "right"
    assert verdict(step, "a0_0a10_0b20_0b30_0") == "too_many"
