"""What a task is graded by: the arrays of the snapshot on the page, as its figures have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from core.lessons.placements import PlacedEvidence
from core.lessons.tasks import (
    CourseEvidence,
    ErrorEvidence,
    LargestOf,
    MarginEvidence,
    NeighbourEvidence,
    NumbersEvidence,
    Task,
)
from core.records.snapshot_record import SnapshotRecord
from core.statistics.crossing import ALL
from core.verification.goals import Hand
from core.verification.protocols import SAME
from dashboard.figures.maps import epoch_name, frame_name
from dashboard.lookups import anchor_triplets, appraisals, questions, runs, snapshot_arrays
from dashboard.playground import panel
from dashboard.settings import EPOCH, MARGIN, POINTS, QUERY, RUN, SNAPSHOT, THRESHOLD
from dashboard.url import Setting


def evidence_for(task: Task, answer: Any) -> Any:
    """Of the run and snapshot that the address names, for this answer. Raises ValueError where they are not there."""
    if isinstance(task, LargestOf):
        return NumbersEvidence({name: number_of(name, task.number) for name in task.runs})
    if task.needs is ErrorEvidence:
        return _errors(RUN.text or "", answer)
    return OF_KINDS[task.needs](RUN.text or "")


def answer_to(task: Task) -> Any:
    """What the address says that the task asks for; None where it says nothing, or no number. Of a playground it is all
    that the reader has changed there."""
    if task.answer == POINTS.name:
        return panel.asked()
    setting = ANSWERS[task.answer]
    try:
        return None if setting.text is None else float(setting.text)
    except ValueError:
        return None


def _margins(name: str) -> MarginEvidence:
    step = _at_epoch(_with_triplets(name)).step
    counts = anchor_triplets.triplet_counts(name, step)
    margins = runs.run_of(name).snapshot(step, "margins")["margins"]
    return MarginEvidence(margins, counts.semi_hard, counts.hard, counts.total)


def _errors(name: str, threshold: float) -> ErrorEvidence:
    """The rates at the thresholds that are kept, and, as exact as the page has them, at this one."""
    step = _named_snapshot(name).step
    curve = appraisals.appraisal(name, step, ALL).everyone.curve
    own = appraisals.outcome_of(name, step, Hand(threshold), SAME)
    row = int(np.searchsorted(curve.thresholds, threshold, side="right"))
    thresholds = np.insert(curve.thresholds, row, threshold)
    far = np.insert(curve.false_accept_rate, row, own.false_accept.share)
    return ErrorEvidence(thresholds, far, np.insert(1 - curve.true_accept_rate, row, own.false_reject.share))


def _course(name: str) -> CourseEvidence:
    lines = _with_triplets(name)
    hard = [(line.hard or 0) / line.triplets for line in lines]
    return CourseEvidence(np.array([line.epoch for line in lines]), np.array(hard))


def _neighbours(name: str) -> NeighbourEvidence:
    step = _at_epoch(runs.run_of(name).snapshots()).step
    return NeighbourEvidence(snapshot_arrays.points(name, step), snapshot_arrays.shown_layout(name, step))


def number_of(name: str, key: str) -> float:
    """A number of the last snapshot of a run by its key, or of the answers to the three questions about it."""
    last = runs.run_of(name).snapshots()[-1]
    return float(getattr(last if hasattr(last, key) else questions.numbers_of_last(name), key))


def _named_snapshot(name: str) -> SnapshotRecord:
    """The one that Verify shows: that of the address, or the last."""
    lines = runs.run_of(name).snapshots()
    return next((line for line in lines if SNAPSHOT.text in (str(line.step), frame_name(line.epoch))), lines[-1])


def _at_epoch(lines: list[SnapshotRecord]) -> SnapshotRecord:
    """The one that Mine and Explore show: that of the epoch in the address, or the last."""
    return next((line for line in lines if epoch_name(line.epoch) == EPOCH.text), lines[-1])


def _with_triplets(name: str) -> list[SnapshotRecord]:
    """The snapshots of a run in which triplets are counted. Raises ValueError where there is none."""
    if lines := [line for line in runs.run_of(name).snapshots() if line.triplets]:
        return lines
    raise ValueError("the run must have snapshots with triplets, got none. Go back to the run of the lesson.")


def _placed(_: str) -> PlacedEvidence:
    """The points of the playground as they lie in their space, where those on circle and sphere have length 1."""
    found = panel.asked()
    points = np.array(found.points, dtype=np.float64)
    if found.space != "plane":
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        points = np.where(lengths > 0, points / np.where(lengths > 0, lengths, 1), np.eye(1, points.shape[1]))
    learned = np.array(found.parts.get("boundary", found.parameters.get("boundary", ())), dtype=np.float64).ravel()
    boundary = float(learned[0]) if learned.size == 1 else None
    return PlacedEvidence(points, np.array(found.labels), found.parameters, boundary, bool(found.switches["squared"]))


OF_KINDS: dict[type[Any], Callable[[str], Any]] = {
    PlacedEvidence: _placed,
    MarginEvidence: _margins,
    CourseEvidence: _course,
    NeighbourEvidence: _neighbours,
}
ANSWERS: dict[str, Setting[Any]] = {one.name: one for one in (MARGIN, EPOCH, THRESHOLD, QUERY)}
