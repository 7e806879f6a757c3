"""How far maps can be trusted: asked of another process once, one at a time, and read once it is kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.jobs import measure_map_quality
from core.maps.other_maps import MOST_POINTS, OWN, PCA, SEED
from core.runs.run_folder import Run
from dashboard.lookups import map_qualities, runs
from tests.dashboard.made_runs import made_run


@pytest.fixture(autouse=True)
def nothing_measured(root: Path) -> None:
    """By a test before."""
    shutil.rmtree(root / measure_map_quality.HOME, ignore_errors=True)


class Process:
    """One that ends when it is told to, with nothing to show."""

    def __init__(self) -> None:
        self.status: int | None = None

    def poll(self) -> int | None:
        return self.status


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, Process]]:
    """What processes were asked for."""
    started: list[tuple[int, str, Process]] = []

    def start(run: Run, step: int, kind: str, path: Path) -> Process:
        started.append((step, kind, Process()))
        return started[-1][2]

    monkeypatch.setattr(measure_map_quality, "start", start)
    return started


@pytest.mark.usefixtures("maps_measured")
def test_what_is_measured_is_read(name: str, run: Run) -> None:
    assert map_qualities.found(name, 20, OWN) is None, "asked for, and measured meanwhile"
    found, here = map_qualities.found(name, 20, OWN), measure_map_quality.measured(run, 20, OWN)
    assert found is not None and found.quality == here.quality and 0.5 < found.quality.trustworthiness < 1
    assert found.method == "pca" and np.array_equal(found.layout, run.snapshot(20)["map"])
    assert map_qualities.of_last_map(name) == found.quality


def test_one_process_is_at_work_at_a_time(name: str, asked: list[tuple[int, str, Process]]) -> None:
    for _ in range(2):
        assert map_qualities.found(name, 0, OWN) is None and map_qualities.found(name, 10, OWN) is None
    assert [one[:2] for one in asked] == [(0, OWN)]
    asked[0][2].status = 0
    assert map_qualities.found(name, 10, OWN) is None and map_qualities.of_last_map(name) is None
    assert [one[:2] for one in asked] == [(0, OWN), (10, OWN)]


def test_a_process_that_has_nothing_to_show_is_told_and_asked_again(
    name: str, asked: list[tuple[int, str, Process]]
) -> None:
    assert map_qualities.found(name, 20, SEED) is None and not map_qualities.has_failed(name, 20, SEED)
    asked[0][2].status = 1
    assert map_qualities.found(name, 20, SEED) is None and map_qualities.has_failed(name, 20, SEED)
    assert len(asked) == 1, "not again and again"
    map_qualities.ask_again(name, 20, SEED)
    assert map_qualities.found(name, 20, SEED) is None and len(asked) == 2
    assert not map_qualities.has_failed(name, 20, SEED)


@pytest.mark.usefixtures("maps_measured")
def test_a_damaged_file_and_another_snapshot_are_measured_anew(empty_store: object, tmp_path: Path) -> None:
    run = made_run(tmp_path)
    name = run.folder.name
    map_qualities.found(name, 20, OWN)
    first = map_qualities.of_last_map(name)
    (path,) = (tmp_path / measure_map_quality.HOME).glob("*.npz")
    path.write_bytes(b"PK\x03\x04 cut short")
    map_qualities._read.clear()
    assert map_qualities.of_last_map(name) is None and map_qualities.of_last_map(name) == first
    arrays = run.snapshot(20)
    np.savez(run.folder / "snapshots/000020.npz", allow_pickle=False, **(arrays | {"map": arrays["map"][::-1]}))
    assert map_qualities.of_last_map(name) is None and map_qualities.of_last_map(name) != first


@pytest.mark.parametrize(
    ("method", "count", "kinds"),
    [
        ("umap", 300, [OWN, PCA, SEED]),
        ("pca", 300, [OWN, SEED]),
        ("identity", 300, [OWN]),
        ("none", MOST_POINTS + 1, [OWN]),
        ("umap", 3, [OWN]),
    ],
)
def test_the_maps_that_are_offered_are_those_that_differ(
    method: str, count: int, kinds: list[str], name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "labels", lambda name: np.zeros(count))
    line = replace(run.snapshots()[-1], map=method)
    assert map_qualities.offered(name, line) == kinds
    assert map_qualities.method(line) == ("pca" if method == "none" else method)
