"""The answers to three questions: asked of another process once, one at a time, and read once they are kept; those of
recorded runs are there at once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_questions
from core.runs.run_folder import Run
from core.statistics.three_answers import QuestionNumbers
from dashboard.lookups import questions, runs
from tests.dashboard.made_runs import made_run

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.fixture(autouse=True)
def nothing_measured(root: Path) -> None:
    """By a test before."""
    shutil.rmtree(root / measure_questions.HOME, ignore_errors=True)


class Process:
    """One that ends when it is told to, with nothing to show."""

    def __init__(self) -> None:
        self.status: int | None = None

    def poll(self) -> int | None:
        return self.status


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Process]]:
    """What processes were asked for."""
    started: list[tuple[int, Process]] = []

    def start(run: Run, step: int, path: Path) -> Process:
        started.append((step, Process()))
        return started[-1][1]

    monkeypatch.setattr(measure_questions, "start", start)
    return started


@pytest.mark.usefixtures("questions_measured")
def test_what_is_measured_is_read(run: Run) -> None:
    name = run.folder.name
    assert questions.found(name, 20, asks=False) is None, "nothing is measured before it is asked for"
    assert questions.found(name, 20, asks=False) is None and questions.found(name, 20) is None
    found, here = questions.found(name, 20), measure_questions.measured(run, 20)
    assert found is not None and found.numbers == here.numbers
    last = run.snapshots()[-1]
    assert (found.numbers.eer, found.numbers.map_at_r) == (last.eer, last.map_at_r)
    assert questions.numbers_of_last(name) == found.numbers


def test_one_process_is_at_work_at_a_time(run: Run, asked: list[tuple[int, Process]]) -> None:
    name = run.folder.name
    for _ in range(2):
        assert questions.found(name, 0) is None and questions.found(name, 10) is None
    assert [step for step, _ in asked] == [0]
    asked[0][1].status = 0
    assert questions.found(name, 10) is None
    assert [step for step, _ in asked] == [0, 10]


def test_a_process_that_has_nothing_to_show_is_told_and_asked_again(run: Run, asked: list[tuple[int, Process]]) -> None:
    name = run.folder.name
    assert questions.found(name, 20) is None and not questions.has_failed(name, 20)
    asked[0][1].status = 1
    assert questions.found(name, 20) is None and questions.has_failed(name, 20)
    assert len(asked) == 1, "not again and again"
    questions.ask_again(name, 20)
    assert questions.found(name, 20) is None and len(asked) == 2 and not questions.has_failed(name, 20)


def test_who_grades_is_told_that_there_is_no_answer_yet(run: Run, asked: list[tuple[int, Process]]) -> None:
    with pytest.raises(ValueError, match="must be answered for the last snapshot of .*, got no answers yet. Open them"):
        questions.numbers_of_last(run.folder.name)
    assert [step for step, _ in asked] == [20]


@pytest.mark.usefixtures("questions_measured")
def test_a_damaged_file_and_another_snapshot_are_measured_anew(empty_store: object, tmp_path: Path) -> None:
    run = made_run(tmp_path)
    name = run.folder.name
    questions.found(name, 20)
    first = questions.numbers_of_last(name)
    (path,) = (tmp_path / measure_questions.HOME).glob("*.npz")
    path.write_bytes(b"PK\x03\x04 cut short")
    questions._read.clear()
    assert questions.found(name, 20) is None and questions.numbers_of_last(name) == first
    arrays = run.snapshot(20)
    turned = arrays | {"embeddings": arrays["embeddings"][::-1]}
    np.savez(run.folder / "snapshots/000020.npz", allow_pickle=False, **turned)
    assert questions.found(name, 20) is None and questions.found(name, 20).numbers != first  # type: ignore[union-attr]


def test_recorded_runs_answer_at_once(asked: list[tuple[int, Process]]) -> None:
    found = {name: questions.numbers_of_last(name) for name in runs.lessons()}
    assert len(found) == 4 and not asked
    softmax, triplets = found["digits-softmax"], found["digits-semi-hard"]
    assert softmax.recall_at_1 > 0.96 and softmax.eer > 0.1 and triplets.eer < 0.025
    assert isinstance(softmax, QuestionNumbers) and softmax.ami < triplets.ami


def test_of_a_sample_the_numbers_of_the_record_are_those_of_all_points() -> None:
    name = "digits-softmax"
    record = runs.run_of(name).snapshots()[-1]
    answers = questions.found(name, record.step)
    assert answers is not None
    assert questions.numbers_of(record, answers) == answers.numbers
    larger = replace(record, points=9_999, recall_at_1=0.5, eer=0.25, map_at_r=None)
    numbers = questions.numbers_of(larger, answers)
    assert (numbers.recall_at_1, numbers.eer) == (0.5, 0.25) and numbers.map_at_r == answers.numbers.map_at_r
    assert (numbers.ami, numbers.bcubed_f) == (answers.numbers.ami, answers.numbers.bcubed_f)


def test_the_pictures_are_of_the_snapshot() -> None:
    name = "digits-softmax"
    drawn = questions.pictures(name, runs.run_of(name).snapshots()[-1].step, "light")
    assert all(one.figure for one in drawn) and '"heatmap"' in drawn.clustering.figure
