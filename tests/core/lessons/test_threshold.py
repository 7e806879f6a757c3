"""The task on thresholds can be done on the recorded run, does not begin done, and tells both ways to be wrong."""

from core.lessons.tasks import ErrorEvidence
from core.lessons.threshold import LESSON, RUN
from core.runs.run_folder import Run
from core.system.locations import ASSETS


def test_thresholds_are_too_strict_right_and_too_lax_in_this_order() -> None:
    run, step = Run(ASSETS / "recorded" / RUN), LESSON.steps[-1]
    appraisal = run.appraisal(run.snapshots()[-1].step)
    assert appraisal is not None and step.task is not None
    curve = appraisal.everyone.curve
    evidence = ErrorEvidence(curve.thresholds, curve.false_accept_rate, 1 - curve.true_accept_rate)
    why = [step.task.grade(threshold, evidence).why for threshold in curve.thresholds.tolist()]
    assert list(dict.fromkeys(why)) == ["too_strict", "right", "too_many"] and why == sorted(
        why, key=["too_strict", "right", "too_many"].index
    )
    assert step.task.grade(float(step.address["threshold"]), evidence).why == "too_many"
