"""What finished trainings have reached is measured once, and kept as long as what it is of stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.comparison.reached import Reached
from core.jobs.measure_reached import kept, kept_at, main, measured, measured_all, start
from core.runs.run_folder import Run
from tests.core.taken_home import trained_run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(Path(shutil.copytree(trained_run().folder, tmp_path / "run")))


def test_it_is_measured_once_and_then_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = measured(tmp_path, run), run.snapshots()[-1]
    assert first.values["map_at_r"] == pytest.approx(last.map_at_r) and first.values["auc"] == last.auc
    monkeypatch.setattr("core.comparison.measuring.reached", None)
    again = measured(tmp_path, run)
    assert again.values == first.values and np.array_equal(again.parts["auc"], first.parts["auc"])


def test_another_snapshot_or_a_damaged_file_is_measured_anew(run: Run, tmp_path: Path) -> None:
    measured(tmp_path, run)
    path = kept_at(tmp_path, run)
    path.write_bytes(path.read_bytes()[:100])
    assert kept(path) is None and kept(tmp_path / "none.npz") is None
    assert measured(tmp_path, run).values and kept(path) is not None
    probe = run.probe()
    np.savez(run.folder / "probe.npz", allow_pickle=False, **(probe | {"labels": probe["labels"][::-1]}))
    assert kept_at(tmp_path, run) != path


def test_several_are_measured_by_processes_of_their_own_in_their_order(run: Run, tmp_path: Path) -> None:
    other = Path(shutil.copytree(run.folder, tmp_path / "other"))
    snapshot = run.snapshot(run.snapshots()[-1].step)
    turned = snapshot | {"embeddings": snapshot["embeddings"][::-1]}
    np.savez(other / f"snapshots/{run.snapshots()[-1].step:06d}.npz", allow_pickle=False, **turned)
    told: list[int] = []
    found = measured_all(tmp_path, [other, run.folder], 2, told.append)
    assert told == [1, 2] and found[1].values == measured(tmp_path, run).values != found[0].values
    assert isinstance(found[0], Reached)


def test_a_process_of_its_own_measures_what_it_can(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    process = start(tmp_path, [tmp_path / "none", run.folder])
    assert process.wait(timeout=120) == 0
    found = kept(kept_at(tmp_path, run))
    assert found is not None
    kept_at(tmp_path, run).unlink()
    main([str(tmp_path), str(run.folder)])
    again = kept(kept_at(tmp_path, run))
    assert again is not None and again.values == found.values
