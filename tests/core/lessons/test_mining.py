"""What the lesson on mining says is so of the recorded runs that it shows."""

from __future__ import annotations

import numpy as np

from core.lessons.mining import COLLAPSED, LESSON, RUN
from core.lessons.tasks import CourseEvidence
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def recorded(name: str) -> Run:
    return Run(ASSETS / "recorded" / name)


def test_at_the_end_one_triplet_in_fifty_teaches_something() -> None:
    last = recorded(RUN).snapshots()[-1]
    arrays = recorded(RUN).snapshot(last.step, "margins", "semi_hard_counts")
    row = int(np.abs(arrays["margins"] - 0.2).argmin())
    share = ((last.hard or 0) + arrays["semi_hard_counts"][row]) / last.triplets
    assert 1 / 60 < share < 1 / 40


def test_the_hardest_triplets_of_clothes_collapse_within_an_epoch() -> None:
    begun, *others = recorded(COLLAPSED).snapshots()
    after = next(line for line in others if line.epoch >= 1)
    assert after.alarm is not None and after.alarm.kind == "total"
    assert (after.mean_negative_distance or 1) < 0.2 * (begun.mean_negative_distance or 0)


def test_the_task_can_be_done_and_does_not_begin_done() -> None:
    lines, task = recorded(RUN).snapshots(), LESSON.steps[-1].task
    assert task is not None
    hard = np.array([(line.hard or 0) / line.triplets for line in lines])
    course = CourseEvidence(np.array([line.epoch for line in lines]), hard)
    right = [line.epoch for line in lines if task.grade(line.epoch, course).is_right]
    assert right == [3.0]
