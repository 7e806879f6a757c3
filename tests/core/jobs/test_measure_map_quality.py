"""How far a map can be trusted, in a process of its own: the same as here, kept under a name that follows the
content."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_map_quality as job
from core.jobs.measure_map_quality import kept, kept_at, main, measured, start
from core.maps.other_maps import OWN, PCA, SEED, other_map
from core.runs.run_folder import Run
from core.statistics.map_quality import agreement, map_quality
from tests.core.taken_home import trained_run
from tests.dashboard.large_runs import large_run


@pytest.fixture(scope="module")
def run() -> Run:
    return trained_run()


def last_step(run: Run) -> int:
    return run.snapshots()[-1].step


@pytest.mark.parametrize("kind", [OWN, PCA, SEED])
def test_each_map_of_a_training_is_measured_by_its_distance(run: Run, kind: str) -> None:
    step, experiment = last_step(run), run.experiment()
    arrays, found = run.snapshot(step), measured(run, step, kind)
    own = arrays["map"]
    made = own if kind == OWN else other_map(arrays["embeddings"], own, kind, experiment.schedule.seed).points
    np.testing.assert_array_equal(found.layout, made)
    points, labels = experiment.distance.prepared(arrays["embeddings"]), run.probe()["labels"]
    assert found.quality == map_quality(points, labels, made, distance=experiment.distance)
    assert found.method == {OWN: run.snapshots()[-1].map, PCA: "pca", SEED: "umap"}[kind]
    assert found.agreement == pytest.approx(1.0 if kind == OWN else agreement(own, made))


def test_another_process_keeps_what_is_measured_here(run: Run, tmp_path: Path) -> None:
    step = last_step(run)
    path = kept_at(tmp_path, run, step, PCA)
    assert kept(path) is None
    assert start(run, step, PCA, path).wait(timeout=120) == 0
    found, here = kept(path), measured(run, step, PCA)
    assert found is not None and found.quality == here.quality and found.agreement == here.agreement
    assert found.method == "pca" and np.array_equal(found.layout, here.layout)


def test_of_too_many_points_a_share_is_measured_and_all_are_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "MOST_POINTS", 30)
    found = measured(large_run(tmp_path, 120, classes=12), 0, OWN)
    assert found.quality.count == 30 and found.layout.shape == (120, 2)
    assert found.method == "pca", "a map is made where the snapshot has none"


def test_what_is_kept_has_another_name_for_another_map_or_content(tmp_path: Path) -> None:
    first = large_run(tmp_path / "a", 40, classes=4)
    second = large_run(tmp_path / "b", 41, classes=4)
    paths = {kept_at(tmp_path, run, 0, kind) for run in (first, second) for kind in (OWN, PCA)}
    assert len(paths) == 4 and kept_at(tmp_path, first, 0, OWN) in paths


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "found.npz"
    path.write_bytes(b"PK\x03\x04 cut short")
    assert kept(path) is None


def test_what_is_there_is_not_made_again_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "MOST_KEPT", 2)
    monkeypatch.setattr(job.os, "nice", lambda by: 0)
    run = large_run(tmp_path, 40, classes=4)
    folder = tmp_path / job.HOME
    paths = [folder / f"{number}.npz" for number in range(3)]
    for age, path in enumerate(paths):
        main([str(run.folder), "0", OWN, str(path)])
        os.utime(path, (age, age))
    main([str(run.folder), "0", OWN, str(folder / "last.npz")])
    assert sorted(path.name for path in folder.glob("*.npz")) == ["2.npz", "last.npz"]
    before = paths[2].stat().st_mtime_ns
    main([str(run.folder), "0", OWN, str(paths[2])])
    assert paths[2].stat().st_mtime_ns == before
