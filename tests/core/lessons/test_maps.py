"""The task on maps can be done on the recorded run, and not by any click."""

from core.lessons.maps import LESSON, RUN
from core.lessons.tasks import NeighbourEvidence
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def test_some_points_are_lost_on_the_map_and_most_are_not() -> None:
    run, task = Run(ASSETS / "recorded" / RUN), LESSON.steps[-1].task
    assert task is not None
    arrays = run.snapshot(run.snapshots()[-1].step, "embeddings", "map")
    evidence = NeighbourEvidence(arrays["embeddings"], arrays["map"])
    right = sum(task.grade(row, evidence).is_right for row in range(len(arrays["map"])))
    assert 0.02 < right / len(arrays["map"]) < 0.25
