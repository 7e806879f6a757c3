"""The answers of a snapshot, by a process of its own: the same as here, kept under a name that follows the content;
those of the recorded runs come with the code and are what is measured now."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_questions as job
from core.jobs.measure_questions import kept, kept_at, main, measured, start
from core.runs.run_folder import Run
from core.statistics.three_questions import three_answers
from core.system.locations import ASSETS
from tests.core.taken_home import trained_run
from tests.dashboard.large_runs import large_run

RECORDED = sorted(folder.name for folder in (ASSETS / "recorded").iterdir())


@pytest.fixture(scope="module")
def run() -> Run:
    return trained_run()


def test_another_process_keeps_what_is_measured_here(run: Run, tmp_path: Path) -> None:
    last = run.snapshots()[-1]
    path = kept_at(tmp_path, run, last.step)
    assert path.is_relative_to(tmp_path) and kept(path) is None
    assert start(run, last.step, path).wait(timeout=120) == 0
    found, here = kept(path), measured(run, last.step)
    assert found is not None
    for key, value in here.arrays().items():
        np.testing.assert_array_equal(found.arrays()[key], value, err_msg=key)
    assert (found.numbers.recall_at_1, found.numbers.eer) == (last.recall_at_1, last.eer)
    arrays = run.snapshot(last.step)["embeddings"], run.probe()["labels"]
    assert here.numbers == three_answers(*arrays, run.experiment().distance).numbers


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_runs_come_with_their_answers(name: str, tmp_path: Path) -> None:
    run = Run(ASSETS / "recorded" / name)
    last = run.snapshots()[-1]
    path = kept_at(tmp_path, run, last.step)
    found, here = kept(path), measured(run, last.step)
    assert path.is_relative_to(ASSETS) and found is not None
    for key, value in here.arrays().items():
        np.testing.assert_allclose(found.arrays()[key], value, rtol=1e-12, err_msg=key)
    assert found.numbers.eer == last.eer and found.numbers.recall_at_1 == last.recall_at_1
    assert not kept_at(tmp_path, run, 0).is_relative_to(ASSETS), "earlier snapshots are measured once asked for"


def test_one_space_answers_one_question_well_and_another_badly() -> None:
    found = {
        name: measured(run := Run(ASSETS / "recorded" / name), run.snapshots()[-1].step).numbers
        for name in ("digits-softmax", "digits-semi-hard")
    }
    softmax, triplets = found["digits-softmax"], found["digits-semi-hard"]
    assert softmax.recall_at_1 > 0.96 and softmax.eer > 2.5 * (1 - softmax.recall_at_1)
    assert triplets.eer < softmax.eer / 4 and triplets.ami > softmax.ami + 0.05


def test_the_name_follows_the_content(tmp_path: Path) -> None:
    first, second = (large_run(tmp_path / str(count), count, classes=4) for count in (40, 41))
    assert len({kept_at(tmp_path, run, 0) for run in (first, second)}) == 2


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "found.npz"
    path.write_bytes(b"PK\x03\x04 cut short")
    assert kept(path) is None
    np.savez(path, allow_pickle=False, values=np.zeros(4))
    assert kept(path) is None, "as of another version"


def test_what_is_there_is_not_made_again_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "MOST_KEPT", 2)
    monkeypatch.setattr(job.os, "nice", lambda by: 0)
    run = large_run(tmp_path, 40, classes=4)
    folder = tmp_path / job.HOME
    paths = [folder / f"{number}.npz" for number in range(3)]
    for age, path in enumerate(paths):
        main([str(run.folder), "0", str(path)])
        os.utime(path, (age, age))
    main([str(run.folder), "0", str(folder / "last.npz")])
    assert sorted(path.name for path in folder.glob("*.npz")) == ["2.npz", "last.npz"]
    before = paths[2].stat().st_mtime_ns
    main([str(run.folder), "0", str(paths[2])])
    assert paths[2].stat().st_mtime_ns == before
