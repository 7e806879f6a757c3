"""Neighbourhoods in a process of their own: the same as here, kept under a name that follows the content."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_neighbourhoods as job
from core.jobs.measure_neighbourhoods import kept, kept_at, main, measured, progress, start
from core.statistics.neighbourhoods import neighbourhoods
from tests.dashboard.large_runs import large_run


def test_another_process_keeps_what_is_found_here(tmp_path: Path) -> None:
    run = large_run(tmp_path, 60, classes=6)
    path = kept_at(tmp_path, run, 0)
    assert kept(path) is None and progress(path) == 0
    process = start(run, 0, path)
    assert process.wait(timeout=120) == 0
    found, here = kept(path), measured(run, 0)
    assert found is not None and (found.rows == np.arange(60)).all()
    for name, values in here.of.arrays().items():
        np.testing.assert_array_equal(found.of.arrays()[name], values)
    assert found.of.lost.min() >= 0, "a map is made where the snapshot has none"
    assert not path.with_suffix(".progress").exists()


def test_it_ends_once_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter((1, 2))
    monkeypatch.setattr(job.os, "nice", lambda by: 0)
    monkeypatch.setattr(job.os, "getppid", lambda: next(parents))
    run, path = large_run(tmp_path, 40, classes=4), tmp_path / "found.npz"
    with pytest.raises(SystemExit, match="nobody waits any more"):
        main([str(run.folder), "0", str(path)])
    assert not path.exists() and not path.with_suffix(".progress").exists()


def test_of_too_many_points_a_share_with_several_of_each_class_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "MOST_POINTS", 30)
    run = large_run(tmp_path, 120, classes=12)
    found = measured(run, 0)
    labels = run.probe()["labels"][found.rows]
    assert len(found.rows) == 30 and np.bincount(labels)[np.unique(labels)].min() >= 5
    points = run.snapshot(0)["embeddings"][found.rows]
    assert (found.of.rows == neighbourhoods(points, labels).rows).all()


def test_what_is_kept_has_another_name_for_other_content(tmp_path: Path) -> None:
    first = large_run(tmp_path / "a", 40, classes=4)
    second = large_run(tmp_path / "b", 41, classes=4)
    root = tmp_path / "a"
    assert kept_at(root, first, 0) == kept_at(root, first, 0) != kept_at(root, second, 0)


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "found.npz"
    path.write_bytes(b"PK\x03\x04 cut short")
    assert kept(path) is None


def test_what_is_there_is_not_made_again_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "MOST_KEPT", 2)
    monkeypatch.setattr(job.os, "nice", lambda by: 0)
    run = large_run(tmp_path, 40, classes=4)
    folder = tmp_path / job.HOME
    folder.mkdir()
    paths = [folder / f"{number}.npz" for number in range(3)]
    for age, path in enumerate(paths):
        main([str(run.folder), "0", str(path)])
        os.utime(path, (age, age))
    main([str(run.folder), "0", str(folder / "last.npz")])
    assert sorted(path.name for path in folder.glob("*.npz")) == ["2.npz", "last.npz"]
    before = paths[2].stat().st_mtime_ns
    main([str(run.folder), "0", str(paths[2])])
    assert paths[2].stat().st_mtime_ns == before
