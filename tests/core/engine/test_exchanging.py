"""The engine's jobs on workers of another host, through an exchange over FTP; the counting job shows that nothing is
lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from core.engine.exchanging import ExchangingCluster
from tests.engines import Lab, eventually
from tests.ftp import ftp_server
from tests.hosts import Host, scheduler, workers

JOB = ("--job", "tests.faults.jobs:count_or_measure", "--warm-up", "")


class Place(NamedTuple):
    """What stands ready: a scheduler at an address, and one host with two workers."""

    root: Path
    certificate: Path
    address: str
    host: Host
    exchange: str
    served: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("hosts")
    certificate, served = root / "cluster.pem", root / "served"
    served.mkdir()
    with ExitStack() as ends:
        server = ends.enter_context(ftp_server(served))
        standing, address = scheduler(root / "scheduler", certificate)
        ends.callback(standing.end)
        host = workers(root / "host", address, certificate, count=2)
        ends.callback(host.end)
        yield Place(root, certificate, address, host, server.address, served)


@pytest.fixture
def lab(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setenv("METRIC_LAB_CERTIFICATE", str(place.certificate))
    lab = Lab(tmp_path / "lab", "--scheduler", place.address, "--exchange", place.exchange, *JOB)
    yield lab
    lab.stop()


def scratch_of(place: Place, run_id: str) -> Path:
    """Where the worker has the run that it is at work on."""
    (folder,) = (place.host.folder / "scratch").glob(f"*/runs/{run_id}")
    return folder


def test_a_run_goes_out_over_ftp_is_seen_live_paused_killed_and_comes_back_whole(lab: Lab, place: Place) -> None:
    run_id = lab.submit(1, held=True)
    lab.until_epoch(run_id, 10)
    reached = lab.store.folder(run_id) / "reached"
    eventually(lambda: reached.exists() and reached.read_text() == "10", "it is seen while it works")
    lab.store.want(run_id, "pause")
    assert lab.until(run_id, "paused").epoch == 10
    lab.store.want(run_id, "run")
    eventually(lambda: len(lab.lines(run_id, "starts")) == 2, "it goes on")
    process = psutil.Process(int(lab.lines(run_id, "starts")[-1]))
    process.kill()
    eventually(lambda: len(lab.lines(run_id, "starts")) == 3, "a worker goes on with it")
    (scratch_of(place, run_id) / "go").touch()
    row = lab.until(run_id, "finished")
    assert row.attempts == 3 and lab.lines(run_id, "epochs") == [str(epoch) for epoch in range(1, 21)]
    assert json.loads((lab.store.folder(run_id) / "result.json").read_text()) == {"total": 210}
    assert not (scratch_of(place, run_id).parents[1] / "index.sqlite").exists(), "a worker opens no index"
    lab.stop()
    assert [path for path in place.served.rglob("*") if path.is_file()] == [], "nothing stays in the exchange"


def test_what_fails_elsewhere_is_said_and_the_next_run_goes_on(lab: Lab) -> None:
    assert lab.until(lab.submit(2, fault="bad value"), "failed").message == "margin must be above 0, got -1. Take 0.2."
    row = lab.until(lab.submit(3, fault="death"), "failed")
    assert row.attempts == 3 and "did not get past epoch 0" in row.message
    lab.until(lab.submit(4), "finished")


def test_the_job_of_a_killed_engine_pauses_and_the_next_engine_goes_on(lab: Lab) -> None:
    run_id = lab.submit(5, held=True, epochs=200)
    lab.until_epoch(run_id, 100)
    folder = lab.store.folder(run_id)
    eventually(
        lambda: (folder / "reached").exists() and (folder / "reached").read_text() == "100", "it is in the store"
    )
    lab.kill_engine()
    eventually(lambda: lab.ensure() or lab.store.row(run_id).attempts == 2, "another engine has it")
    lab.store.want(run_id, "stop")
    lab.until(run_id, "stopped")
    epochs = lab.lines(run_id, "epochs")
    assert epochs == [str(number) for number in range(1, len(epochs) + 1)], "no epoch is done twice"


def test_a_job_that_has_ended_can_no_longer_be_killed() -> None:
    """Its files may still be on their way when the engine loses patience with its run."""
    cluster = ExchangingCluster.__new__(ExchangingCluster)
    cluster._futures = {}
    cluster.kill("ended-1-0")
