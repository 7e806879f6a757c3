"""How a training has changed each sample is measured once, in a process of its own, and kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.jobs.measure_anchors import kept, kept_at, main, measured, start
from core.runs.run_folder import Run
from core.statistics.local_auc import calibration_gap
from tests.core.taken_home import trained_run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(Path(shutil.copytree(trained_run().folder, tmp_path / "run")))


def test_it_is_of_the_first_and_the_last_snapshot(run: Run, tmp_path: Path) -> None:
    found, labels = measured(tmp_path, run), run.probe()["labels"]
    for shares, place in ((found.before, 0), (found.after, -1)):
        embeddings = run.snapshot(run.snapshots()[place].step, "embeddings")["embeddings"]
        assert np.nanmean(shares) == pytest.approx(calibration_gap(embeddings, labels).local)
    assert np.array_equal(found.rows, run.probe()["rows"]) and not np.array_equal(found.before, found.after)


def test_it_is_measured_once_and_anew_where_it_is_damaged(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, path = measured(tmp_path, run), kept_at(tmp_path, run)
    with monkeypatch.context() as patched:
        patched.setattr("core.statistics.local_auc.local_aucs", None)
        assert np.array_equal(measured(tmp_path, run).after, first.after)
    path.write_bytes(path.read_bytes()[:100])
    assert kept(path) is None and kept(tmp_path / "none.npz") is None
    assert np.array_equal(measured(tmp_path, run).after, first.after) and kept(path) is not None
    snapshot = run.snapshot(0)
    np.savez(run.folder / "snapshots/000000.npz", allow_pickle=False, **(snapshot | {"more": np.zeros(1)}))
    assert kept_at(tmp_path, run) != path


def test_a_process_of_its_own_measures_what_it_can(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert start(tmp_path, [tmp_path / "none", run.folder]).wait(timeout=120) == 0
    found = kept(kept_at(tmp_path, run))
    assert found is not None
    kept_at(tmp_path, run).unlink()
    main([str(tmp_path), str(run.folder)])
    again = kept(kept_at(tmp_path, run))
    assert again is not None and np.array_equal(again.after, found.after)
