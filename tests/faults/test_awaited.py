"""What somebody waits for beside trainings that take every slot, with a real engine and its workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.engine.process import ready_workers
from core.jobs.measure_embeddings import Upload, keep
from tests.engines import Lab, eventually

BEGIN_SECONDS = 60.0  # it is a fraction of one; a busy machine must not fail the test, and a training lasts for ever


def upload_of(count: int, name: str) -> Upload:
    """So many points of identities with ten points each."""
    generator, labels = np.random.default_rng(count), np.arange(count) // 10
    points = generator.normal(size=(labels[-1] + 1, 16))[labels] + 0.5 * generator.normal(size=(count, 16))
    return Upload(name, points.astype(np.float32), labels, tuple(map(str, range(labels[-1] + 1))), EUCLIDEAN)


def test_an_upload_is_measured_beside_trainings_on_every_slot(tmp_path: Path) -> None:
    lab = Lab(tmp_path, "--job", "tests.faults.jobs:count_or_measure", "--warm-up", "", "--slots", "2")
    trainings = [lab.submit(number, held=True) for number in (1, 2)]
    waiting = lab.submit(3)
    try:
        for run_id in trainings:
            lab.until_epoch(run_id, 2)
        eventually(lambda: ready_workers(tmp_path) == 3, "the worker beside the slots is there")
        row = keep(lab.store, upload_of(500, "points.npz"))
        eventually(lambda: lab.store.row(row.id).state != "queued", "the measurement begins", BEGIN_SECONDS)
        assert lab.until(row.id, "finished", "failed").state == "finished"
        assert [lab.store.row(run_id).state for run_id in trainings] == ["running", "running"]
        assert lab.store.row(waiting).state == "queued"
        lab.release(*trainings)
        lab.until(waiting, "finished")
    finally:
        lab.stop()


def test_a_request_is_taken_back_while_it_is_measured(tmp_path: Path) -> None:
    lab = Lab(tmp_path, "--job", "tests.faults.jobs:count", "--warm-up", "", "--slots", "1")
    try:
        running = lab.submit(1, held=True, upload={})
        lab.until_epoch(running, 2)
        lab.store.want(running, "stop")
        assert lab.until(running, "stopped").wanted == "stop"
        lab.release(running)
        lab.until(lab.submit(1, held=True, upload={}), "finished")
    finally:
        lab.stop()
