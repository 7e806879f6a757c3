"""What the lesson on hardness says is so of the recorded run that it shows."""

from __future__ import annotations

import numpy as np

from core.lessons.hardness import EARLY, LATE, LESSON, RUN
from core.lessons.tasks import MarginEvidence
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def evidence(epoch: str) -> MarginEvidence:
    run = Run(ASSETS / "recorded" / RUN)
    line = next(line for line in run.snapshots() if f"{line.epoch:.4g}" == epoch)
    arrays = run.snapshot(line.step, "margins", "semi_hard_counts")
    return MarginEvidence(arrays["margins"], arrays["semi_hard_counts"], line.hard or 0, line.triplets)


def test_at_the_end_fewer_triplets_are_hard_or_semi_hard_than_early() -> None:
    taught = []
    for epoch in (EARLY, LATE):
        found = evidence(epoch)
        row = int(np.abs(found.margins - 0.2).argmin())
        taught.append((found.hard + found.semi_hard[row]) / found.total)
    assert taught[1] < 0.1 * taught[0]


def test_the_task_can_be_done_and_does_not_begin_done() -> None:
    step, found = LESSON.steps[-1], evidence(EARLY)
    assert step.task is not None
    right = [margin for margin in found.margins.tolist() if step.task.grade(margin, found).is_right]
    assert len(right) == 1 and right[0] > 2 * float(step.address["margin"])
