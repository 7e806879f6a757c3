"""How well the space of a snapshot answers three questions: measured by another process once it is asked for, one at a
time, and kept in the store; those of the recorded runs come with the code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

import streamlit as st

from core.jobs import measure_questions
from core.records.snapshot_record import SnapshotRecord
from core.statistics.three_answers import QuestionNumbers, ThreeAnswers, group_table
from core.system.locations import store_root
from dashboard.components.live_figure import Packed, pack
from dashboard.figures import questions
from dashboard.figures.axes import axis_name
from dashboard.lookups import runs
from dashboard.palette import Theme
from dashboard.worded import worded

MOST_CLASSES, MOST_GROUPS = 40, 40  # in the picture of the groups
OF_ALL = ("recall_at_1", "map_at_r", "eer")  # what records have of all points

_started: dict[Path, Popen[bytes]] = {}


class Pictures(NamedTuple):
    """Ready to send: one for each question, and the claims of the anchors."""

    ranking: Packed
    rejection: Packed
    clustering: Packed
    ladder: Packed


def found(name: str, step: int, *, asks: bool = True) -> ThreeAnswers | None:
    """The answers of a snapshot; None while they are not measured, which this asks for, unless told not to."""
    path = _kept_at(name, step, _stamp(name, step))
    if path.exists():
        if (answers := _read(path)) is not None:
            _started.pop(path, None)
            return answers
        _read.clear()  # damaged: another process makes it anew
    is_at_work = any(process.poll() is None for process in _started.values())
    if asks and path not in _started and not is_at_work:
        _started[path] = measure_questions.start(runs.run_of(name), step, path)
    return None


def has_failed(name: str, step: int) -> bool:
    """Whether the process that was to measure them has ended without anything to show."""
    path = _kept_at(name, step, _stamp(name, step))
    return path in _started and _started[path].poll() is not None and not path.exists()


def ask_again(name: str, step: int) -> None:
    """Have them measured once more."""
    _started.pop(_kept_at(name, step, _stamp(name, step)), None)


def numbers_of(record: SnapshotRecord, answers: ThreeAnswers) -> QuestionNumbers:
    """The numbers of a snapshot with these answers: where they are of a sample, ranking and the equal error rate of all
    points, as far as the record of the snapshot has them."""
    if len(answers.rows) == record.points:
        return answers.numbers
    of_all = {key: value for key in OF_ALL if (value := getattr(record, key)) is not None}
    return replace(answers.numbers, **of_all)


def numbers_of_last(name: str) -> QuestionNumbers:
    """Those of the last snapshot of a run, at once for a recorded one. Raises ValueError where it has none, or nobody
    has had it measured yet, which this asks for."""
    snapshots = runs.run_of(name).snapshots()
    has_points = bool(snapshots) and not runs.is_of_pairs(name)
    answers = found(name, snapshots[-1].step) if has_points else None
    if answers is None:
        raise ValueError(
            f"the three questions must be answered for the last snapshot of {name}, got no answers yet. Open them on "
            "Explore, and try again once they are there."
        )
    return numbers_of(snapshots[-1], answers)


@worded(st.cache_resource(max_entries=64, show_spinner=False))
def pictures(name: str, step: int, theme: Theme) -> Pictures:
    """Of a snapshot whose answers are at hand."""
    answers = found(name, step)
    assert answers is not None, "who asks has the answers at hand"
    counts = answers.positive_counts, answers.negative_counts
    thresholds, named = (answers.eer_threshold, answers.far_threshold), axis_name(runs.distance_of(name))
    labels, classes = runs.labels(name)[answers.rows], runs.class_names(name)
    table = group_table(labels, answers.groups_at_threshold, MOST_CLASSES, MOST_GROUPS)
    drawn = (
        questions.ranking(answers.right, theme),
        questions.rejection(answers.edges, *counts, thresholds, named, theme),
        questions.clustering(table, [classes[label] for label in table.classes], theme),
        questions.ladder(answers.ladder, theme),
    )
    return Pictures(*map(pack, drawn))


def _stamp(name: str, step: int) -> tuple[int, int]:
    """Differs once the snapshot is another one, as of a run that was wound back."""
    about = (runs.run_of(name).folder / "snapshots" / f"{step:06d}.npz").stat()
    return about.st_mtime_ns, about.st_size


@st.cache_data(max_entries=1000, show_spinner=False)
def _kept_at(name: str, step: int, stamp: tuple[int, int]) -> Path:
    return measure_questions.kept_at(store_root(), runs.run_of(name), step)


@st.cache_resource(max_entries=64, show_spinner=False)
def _read(path: Path) -> ThreeAnswers | None:
    return measure_questions.kept(path)
