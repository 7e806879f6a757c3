"""What Dask must do for the engine, with real worker processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster

from core.engine import cluster as module
from core.engine.cluster import Cluster, Ended
from tests.engines import eventually


def answer(send: Callable[[dict], None], text: str) -> str:
    send({"said": text})
    return text


def deaf(send: Callable[[dict], None]) -> str:
    while True:
        time.sleep(0.01)


def doomed(send: Callable[[dict], None]) -> str:
    os.kill(os.getpid(), 9)
    return "never"


def compile_until(path: str, send: Callable[[dict], None]) -> None:
    """As a worker with a slow warm-up: a test says when it is over."""
    send({"compiling": True})
    while not Path(path).exists():
        time.sleep(0.01)


def fail_to_compile(send: Callable[[dict], None]) -> None:
    send({"compiling": True})
    raise OSError("no space left")


@pytest.fixture
def elsewhere() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, resources={"train": 1}, dashboard_address="127.0.0.1:0"
    ) as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(0, tmp_path_factory.mktemp("cluster"))  # the worker beside the slots alone
    yield cluster
    cluster.close()


def end_of(cluster: Cluster, key: str) -> Ended:
    ended: list[Ended] = []

    def has_ended() -> bool:
        cluster.capacity()
        ended.extend(cluster.ended())
        return bool(ended)

    eventually(has_ended, f"{key} ends")
    assert [end.key for end in ended] == [key]
    return ended[0]


def test_a_job_is_heard_and_answers(cluster: Cluster) -> None:
    cluster.submit("first", answer, "hello")
    assert end_of(cluster, "first") == Ended("first", answer="hello")
    heard = cluster.heard()
    assert [message.get("said") for message in heard] == [None, "hello"]
    assert {message["key"] for message in heard} == {"first"}


def test_a_killed_job_is_lost_and_the_next_one_runs(cluster: Cluster) -> None:
    cluster.submit("deaf", deaf)
    eventually(cluster.heard, "the job says that it began")
    cluster.kill("deaf")
    assert end_of(cluster, "deaf") == Ended("deaf", is_lost=True)
    cluster.submit("next", answer, "here")
    assert end_of(cluster, "next").answer == "here"


def test_a_job_that_kills_its_worker_is_lost_once(cluster: Cluster) -> None:
    for number in range(2):
        cluster.submit(f"doomed {number}", doomed)
        assert end_of(cluster, f"doomed {number}").is_lost
    cluster.submit("after", answer, "here")
    assert end_of(cluster, "after").answer == "here"


def test_a_nanny_without_a_worker_is_replaced(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DEAD_SECONDS", 1.0)
    local = cluster._local
    (nanny,) = local.workers.values()
    local.sync(nanny.close)
    assert cluster.capacity() == 0, "no worker is there to take a job"
    cluster.submit("waiting", answer, "served")
    assert end_of(cluster, "waiting").answer == "served"
    assert nanny not in local.workers.values()


def test_trainings_leave_a_worker_free_here_and_elsewhere(
    cluster: Cluster, tmp_path: Path, elsewhere: LocalCluster
) -> None:
    eventually(lambda: cluster.capacity() == 1, "the worker is there")
    assert cluster.training_slots(1) == 0, "no slot was asked for"
    away = Cluster(4, tmp_path, scheduler=elsewhere.scheduler_address)
    try:
        assert [away.training_slots(capacity) for capacity in (0, 1, 2, 8)] == [1, 1, 1, 7]
    finally:
        away.close()


def test_a_configured_scheduler_serves_as_well(tmp_path: Path, elsewhere: LocalCluster) -> None:
    cluster = Cluster(4, tmp_path, scheduler=elsewhere.scheduler_address)
    try:
        assert cluster.capacity() == 1
        cluster.submit("deaf", deaf)
        eventually(cluster.heard, "the job says that it began")
        cluster.kill("deaf")
        assert end_of(cluster, "deaf") == Ended("deaf", is_lost=True)
        cluster.submit("next", answer, "from elsewhere")
        assert end_of(cluster, "next").answer == "from elsewhere"
    finally:
        cluster.close()


def test_a_worker_elsewhere_takes_a_job_once_it_is_warm(tmp_path: Path, elsewhere: LocalCluster) -> None:
    cluster = Cluster(4, tmp_path, scheduler=elsewhere.scheduler_address)
    try:
        first = compiling_worker(cluster, tmp_path / "first")
        assert cluster.capacity() == 0
        (tmp_path / "first").touch()
        eventually(lambda: cluster.capacity() == 1, "the worker is warm")
        assert cluster.compiling() == []
        elsewhere.scale(2)
        second = compiling_worker(cluster, tmp_path / "second")
        assert second != first and cluster.capacity() == 1
        cluster.submit("job", answer, "beside it")
        assert end_of(cluster, "job").answer == "beside it", "the warm worker takes it, the other one still compiles"
        assert cluster.compiling() == second
        assert {message["key"] for message in cluster.heard()} == {"job"}
    finally:
        (tmp_path / "second").touch()
        cluster.close()


def test_a_worker_that_cannot_warm_up_takes_jobs_all_the_same(tmp_path: Path, elsewhere: LocalCluster) -> None:
    cluster = Cluster(4, tmp_path, scheduler=elsewhere.scheduler_address)
    try:
        cluster.warm_up(fail_to_compile)
        eventually(lambda: cluster.capacity() == 1, "the worker is given up on")
        cluster.heard()
        assert cluster.compiling() == []
        cluster.submit("job", answer, "slowly")
        assert end_of(cluster, "job").answer == "slowly"
    finally:
        cluster.close()


def compiling_worker(cluster: Cluster, path: Path) -> list[str]:
    """The one worker that says that it compiles, which it does until the path exists."""
    cluster.warm_up(partial(compile_until, str(path)))

    def is_said() -> bool:
        cluster.capacity()
        assert cluster.heard() == [], "no job has said anything"
        return bool(cluster.compiling())

    eventually(is_said, "a worker says that it compiles")
    (worker,) = cluster.compiling()
    assert worker.startswith("127.0.0.1:")
    return [worker]
