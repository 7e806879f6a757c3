"""A disk that is full at any write of a worker: a sentence says so, nothing is half-written, and once there is room
the run ends with the numbers of one that nothing disturbed.

Each run is tried with room for so many writes and no more. `make test` tries some of them, `make soak` all.
"""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.engine.dispatcher import DISK_FULL
from core.jobs.measure_embeddings import Upload, keep
from core.jobs.worker import request, run_job
from core.runs.parts import missing
from core.runs.run_folder import Run
from core.runs.store import Row, Store
from core.statistics import samples, summary
from tests.core.trainings import SMALL, plain
from tests.engines import Lab
from tests.faults.full_disk import FullDisk
from tests.faults.test_kill import submitted
from tests.faults.undisturbed import EXPERIMENT, check_undisturbed, reference_of, timeless

TRAINING = replace(SMALL, schedule=replace(SMALL.schedule, maps_per_epoch=2))
IDENTITIES, EACH = 12, 4
SOME = 8  # of the writes, in `make test`


def training(store: Store) -> Row:
    return store.submit(TRAINING.described(), TRAINING.run_id(), TRAINING.title())


def upload(store: Store) -> Row:
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(IDENTITIES), EACH)
    points = 2 * generator.normal(size=(IDENTITIES, 6))[labels] + generator.normal(size=(len(labels), 6))
    names = tuple(map(str, range(IDENTITIES)))
    return keep(store, Upload("faces.npz", points.astype(np.float32), labels, names, EUCLIDEAN))


ASKED: dict[str, Callable[[Store], Row]] = {"training": training, "upload": upload, "upload in parts": upload}


def prepare(what: str, patch: pytest.MonkeyPatch) -> None:
    """PCA in place of UMAP, which is compiled; and as if a few points were many."""
    patch.setattr("core.maps.projector.is_warm", lambda: False)
    if what == "upload in parts":
        patch.setattr(samples, "AT_ONCE", IDENTITIES)
        patch.setattr(summary, "PAIRS_AT_ONCE", 8 * IDENTITIES * EACH)


def work(folder: Path, experiment: Any) -> str:
    """Do all jobs of a run one after the other, as workers would."""

    def job(part: str = "") -> str:
        return run_job(lambda message: None, "core.jobs.worker:train", str(folder), experiment, "cpu", part)

    answer = job()
    if answer == "parts":
        for part in missing(folder):
            job(part)
        answer = job()
    return answer


def left_behind(folder: Path) -> dict[str, Any]:
    """All that a reader of the run is shown, without times."""
    run = Run(folder)
    lines = {
        "steps": [timeless(step.written()) for step in run.steps()],
        "maps": [timeless(one.written()) for one in run.maps()],
        "snapshots": [timeless(one.written()) for one in run.snapshots()],
    }
    arrays = {line.step: plain(run.snapshot(line.step)) for line in run.snapshots()}
    appraisal = plain(dict(np.load(folder / "appraisal.npz")))
    return lines | {"arrays": arrays, "appraisal": appraisal, "result": timeless(run.result())}


def made(what: str) -> tuple[Path, Any]:
    store = Store(Path(mkdtemp()))
    row = ASKED[what](store)
    request(store.folder(row.id), "run")
    return store.folder(row.id), row.experiment


@cache
def undisturbed(what: str) -> tuple[dict[str, Any], int]:
    """What is left behind, and after how many writes."""
    folder, experiment = made(what)
    with FullDisk(folder).mounted() as disk:
        assert work(folder, experiment) == "finished"
    return left_behind(folder), disk.asked


def check_whole(folder: Path) -> None:
    """Nothing stands half-written under its name, or beside it."""
    assert not list(folder.rglob(".*.part"))
    for file in folder.rglob("*.json"):
        json.loads(file.read_text())
    for file in folder.rglob("*.npz"):
        with np.load(file, allow_pickle=False) as arrays:
            assert all(arrays[name] is not None for name in arrays.files)


def disturbed(what: str, room: int) -> str:
    """Which write was the first to be refused."""
    expected, _ = undisturbed(what)
    folder, experiment = made(what)
    with FullDisk(folder, room).mounted() as disk, pytest.raises(OSError) as refused:
        work(folder, experiment)
    assert refused.value.errno == errno.ENOSPC and disk.refused
    check_whole(folder)
    assert work(folder, experiment) == "finished"
    assert left_behind(folder) == expected
    return disk.refused[0]


MEGABYTES = 24


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which only root may mount."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by root alone")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """To the last byte, by a file that can be removed."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(1 << 16)):
            pass
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"x"):
            pass
    return ballast


@pytest.mark.soak
def test_an_engine_whose_disk_is_full_says_so_and_goes_on_when_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    """A real engine on a real file system, the index and the log on it, too."""
    experiment = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=9))
    lab, run = Lab(small_disk / "store", "--slots", "1"), submitted(small_disk / "store", experiment)
    try:
        lab.until_epoch(run.folder.name, 2)
        ballast = fill(small_disk)
        steps = len(run.steps())
        time.sleep(2)
        ballast.unlink()
        row = lab.until(run.folder.name, "failed", "finished")
        assert (row.state, row.message) == ("failed", DISK_FULL), "it has no room for even an update"
        assert len(run.steps()) >= steps > 0
        check_whole(run.folder)
        lab.store.want(run.folder.name, "run")
        lab.until(run.folder.name, "queued", "running", "finished")
        assert lab.until(run.folder.name, "finished", "failed").state == "finished"
    finally:
        lab.stop()
    check_undisturbed(run, reference_of(experiment, tmp_path / "reference"))


def some_of(count: int) -> list[int]:
    """The first, the last, and some between them."""
    return sorted({round(place * (count - 1) / (SOME - 1)) for place in range(SOME)})


@pytest.mark.parametrize("what", ASKED)
def test_a_disk_that_is_full_at_some_write_loses_nothing(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(what, monkeypatch)
    _, writes = undisturbed(what)
    for room in some_of(writes):
        disturbed(what, room)


@pytest.mark.soak
@pytest.mark.parametrize("what", ASKED)
def test_a_disk_that_is_full_at_any_write_loses_nothing(
    what: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    prepare(what, monkeypatch)
    _, writes = undisturbed(what)
    refused = [disturbed(what, room) for room in range(writes)]
    files = {name.split(".")[1] if name.startswith(".") else name for _, name in (one.split(" ") for one in refused)}
    record_property("told", f"full disk in {what}: {writes} writes, each the first that is refused, nothing lost")
    assert len(files) > 5
