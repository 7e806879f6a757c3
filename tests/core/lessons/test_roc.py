"""What the lesson on ROC curves says is so of the recorded runs that it shows."""

from __future__ import annotations

import numpy as np
import pytest

from core.lessons.roc import LESSON, OTHER, RUN
from core.lessons.tasks import ErrorEvidence
from core.runs.run_folder import Run
from core.statistics.roc import Curve
from core.system.locations import ASSETS


def curve_of(name: str) -> Curve:
    run = Run(ASSETS / "recorded" / name)
    appraisal = run.appraisal(run.snapshots()[-1].step)
    assert appraisal is not None
    return appraisal.everyone.curve


def refused(curve: Curve, far: float) -> float:
    """The smallest share of genuine pairs that a threshold with at most this false accept rate refuses."""
    return 1 - float(curve.true_accept_rate[curve.false_accept_rate <= far].max())


def test_an_area_near_one_refuses_a_seventh_where_few_impostors_may_enter() -> None:
    last = Run(ASSETS / "recorded" / RUN).snapshots()[-1]
    assert last.auc > 0.996
    assert refused(curve_of(RUN), 0.01) == pytest.approx(0.04, abs=0.005)
    assert refused(curve_of(RUN), 0.001) == pytest.approx(1 / 7, abs=0.01)


def test_the_curves_cross_and_the_areas_do_not_say_so() -> None:
    own, other = (Run(ASSETS / "recorded" / name).snapshots()[-1] for name in (RUN, OTHER))
    assert own.auc > other.auc and own.eer > other.eer
    assert refused(curve_of(RUN), 0.01) > refused(curve_of(OTHER), 0.01)
    assert refused(curve_of(RUN), 0.0001) < refused(curve_of(OTHER), 0.0001)


def test_at_one_threshold_the_impostors_of_one_digit_enter_twenty_times_as_often_as_those_of_another() -> None:
    run, curve = Run(ASSETS / "recorded" / RUN), curve_of(RUN)
    threshold = curve.thresholds[np.flatnonzero(curve.false_accept_rate <= 0.01)[-1]]
    points = run.snapshot(run.snapshots()[-1].step, "embeddings")["embeddings"].astype(np.float64)
    labels = run.probe()["labels"]
    is_near = np.linalg.norm(points[:, None] - points[None], axis=2) <= threshold
    far = np.array([is_near[labels == digit][:, labels != digit].mean() for digit in range(10)])
    assert (far.argmin(), far.argmax()) == (0, 9) and 15 < far.max() / far.min() < 25


def test_the_task_does_not_begin_done_and_can_be_done() -> None:
    curve, step = curve_of(RUN), LESSON.steps[-1]
    evidence = ErrorEvidence(curve.thresholds, curve.false_accept_rate, 1 - curve.true_accept_rate)
    assert step.task is not None
    why = [step.task.grade(threshold, evidence).why for threshold in curve.thresholds.tolist()]
    assert set(why) == {"too_strict", "right", "too_many"}
    assert step.task.grade(float(step.address["threshold"]), evidence).why == "too_many"
