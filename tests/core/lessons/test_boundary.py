"""What the lesson on the learned boundary says is so of core's margin-based loss on its points."""

from __future__ import annotations

import pytest

from core.lessons.boundary import LESSON
from tests.core.lessons.placed_steps import named, placed, slopes, verdict


def test_too_long_positives_alone_let_the_boundary_grow() -> None:
    step = named(LESSON, "learns")
    evidence = placed(step)
    inside, outside = (evidence.parameters["boundary"] + sign * evidence.parameters["margin"] for sign in (-1, 1))
    assert all(evidence.apart(*pair) > inside for pair in evidence.pairs(is_same=True))
    assert all(evidence.apart(*pair) > outside for pair in evidence.pairs(is_same=False))
    assert slopes(step)["gradients"]["boundary"] == pytest.approx([-1])  # so that descent raises it


def test_the_task_begins_undone_and_ends_where_the_loss_is_zero() -> None:
    step = LESSON.steps[-1]
    assert verdict(step, boundary=1.2) == "positive"
    assert verdict(step, "a-40_0a40_0b-40_50b40_50", boundary=1.2) == "negative"
    done = "a-40_-80a40_-80b-40_80b40_80"
    assert verdict(step, done, boundary=1.2) == "right"
    assert slopes(step, done)["objective"] == 0 < slopes(step)["objective"]
