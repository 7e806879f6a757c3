"""What Dask must do for the engine, with real worker processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster, get_worker

from core.engine import cluster as module
from core.engine.cluster import Cluster, Ended
from core.system.locations import store_root
from tests.engines import eventually


def answer(send: Callable[[dict], None], text: str) -> str:
    send({"said": text})
    return text


def deaf(send: Callable[[dict], None], begun: str) -> str:
    Path(begun).touch()
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


def note_warm_up(path: str, send: Callable[[dict], None], trains: bool = True) -> None:
    """One line for each process that warms up."""
    with Path(path).open("a") as notes:
        notes.write(f"{os.getpid()} {trains}\n")


def tell_store(send: Callable[[dict], None]) -> str:
    """Where the worker looks for what was brought."""
    return str(store_root())


def tell_clock(send: Callable[[dict], None]) -> str:
    """Whether the worker's next heartbeat, which it began before it had any job, is due by the clock nobody sets."""
    due = get_worker().periodic_callbacks["heartbeat"]._next_timeout
    return str(abs(due - time.monotonic()) < 60)


def tell_process(send: Callable[[dict], None], path: str) -> str:
    """The process that has the job, which goes on until the path exists."""
    while not Path(path).exists():
        time.sleep(0.01)
    return str(os.getpid())


def note_hold(path: str, is_held: bool) -> None:
    """One line for each call, with the process that was told."""
    with Path(path).open("a") as notes:
        notes.write(f"{os.getpid()} {is_held}\n")


@pytest.fixture
def elsewhere() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, resources={"train": 1}, dashboard_address="127.0.0.1:0"
    ) as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def cluster(root: Path) -> Iterator[Cluster]:
    (root / "engine").mkdir()
    cluster = Cluster(0, root / "engine")  # the worker beside the slots alone
    yield cluster
    cluster.close()


def keys_heard(cluster: Cluster) -> set[str]:
    return {message["key"] for message in cluster.heard()}


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


def test_a_worker_waits_by_a_clock_that_nobody_sets_from_its_beginning(cluster: Cluster) -> None:
    cluster.submit("clock", tell_clock)
    assert end_of(cluster, "clock").answer == "True"


def test_a_worker_finds_the_store_of_its_engine_also_once_it_was_replaced(cluster: Cluster, root: Path) -> None:
    """Whatever the environment says: an engine may be told its store by an option."""
    stores = []
    for kind in ("first", "second"):
        cluster.submit(f"{kind} store", tell_store)
        stores.append(end_of(cluster, f"{kind} store").answer)
        cluster.submit(f"{kind} doom", doomed)
        assert end_of(cluster, f"{kind} doom").is_lost
    assert stores == [str(root)] * 2 != [str(store_root())] * 2


def test_a_killed_job_is_lost_and_the_next_one_runs(cluster: Cluster, tmp_path: Path) -> None:
    cluster.submit("deaf", deaf, str(tmp_path / "begun"))
    eventually(lambda: "deaf" in keys_heard(cluster), "the job says that it began")
    cluster.kill("deaf")
    assert end_of(cluster, "deaf") == Ended("deaf", is_lost=True)
    cluster.submit("next", answer, "here")
    assert end_of(cluster, "next").answer == "here"


def test_a_job_killed_before_it_was_heard_leaves_its_worker_to_the_next(cluster: Cluster, tmp_path: Path) -> None:
    """It is known in no process yet, but has begun in one, and would keep that for ever."""
    begun = tmp_path / "begun"
    cluster.submit("unheard", deaf, str(begun))
    eventually(begun.exists, "the job has begun")
    cluster.kill("unheard")
    assert end_of(cluster, "unheard") == Ended("unheard", is_lost=True)
    eventually(lambda: "unheard" in keys_heard(cluster), "it is heard after all")
    eventually(lambda: cluster.capacity() == 0, "its worker has ended")
    cluster.submit("behind it", answer, "here")
    assert end_of(cluster, "behind it").answer == "here"


def test_a_job_given_up_that_is_over_costs_the_next_one_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = []
    monkeypatch.setattr(cluster, "_end_process", lambda *place: ended.append(place))
    cluster._condemned.update({"over", "deaf for ever"})
    for key, process in (("over", 7), ("deaf for ever", 8), ("after it", 7)):
        cluster._heard.put((None, {"key": key, "worker": "tls://here", "process": process}))
    cluster.heard()
    assert ended == [("tls://here", 8)]


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


def test_the_worker_beside_the_slots_takes_what_is_awaited_and_trains_nothing(tmp_path: Path) -> None:
    cluster, notes, go = Cluster(1, tmp_path), tmp_path / "notes", tmp_path / "go"
    go.touch()

    def spares() -> list[str]:
        cluster.capacity()
        lines = notes.read_text().splitlines() if notes.exists() else []
        return [line.split()[0] for line in lines if line.endswith("False")]

    def process_of(key: str, is_awaited: bool) -> str:
        cluster.submit(key, tell_process, str(go), is_awaited=is_awaited)
        return end_of(cluster, key).answer

    try:
        cluster.warm_up(partial(note_warm_up, str(notes)))
        eventually(lambda: cluster.capacity() == 2, "both workers are warm")
        (spare,) = spares()
        assert [process_of(f"awaited {number}", True) for number in range(3)] == [spare] * 3
        other = process_of("training", False)
        assert other != spare and process_of("another", False) == other
        go.unlink()
        cluster.submit("first", tell_process, str(go), is_awaited=True)
        cluster.submit("second", tell_process, str(go), is_awaited=True)
        go.touch()
        ends: list[Ended] = []
        eventually(lambda: ends.extend(cluster.ended()) or len(ends) == 2, "both at once")
        assert {end.answer for end in ends} == {spare, other}
        os.kill(int(spare), 9)
        eventually(lambda: len(spares()) == 2 and cluster.capacity() == 2, "it has started anew")
        assert process_of("after", True) == spares()[1]
    finally:
        cluster.close()


def test_a_worker_is_held_back_while_it_has_no_job(cluster: Cluster, tmp_path: Path) -> None:
    notes, go = tmp_path / "notes", tmp_path / "go"
    hold = partial(note_hold, str(notes))

    def told(count: int, is_held: bool) -> list[str]:
        def is_written() -> bool:
            cluster.hold_back(hold, is_held)
            return notes.exists() and len(notes.read_text().splitlines()) >= count

        eventually(is_written, f"workers are told {count} times")
        return notes.read_text().splitlines()

    eventually(lambda: cluster.capacity() == 1, "the worker is there")
    cluster.hold_back(hold, False)
    assert not notes.exists(), "nothing is held at first"
    told(1, True)
    cluster.submit("job", tell_process, str(go))
    told(2, True)
    go.touch()
    process = end_of(cluster, "job").answer
    told(3, True)
    assert told(4, False) == [f"{process} {is_held}" for is_held in (True, False, True, False)]


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
        cluster.submit("deaf", deaf, str(tmp_path / "begun"))
        eventually(lambda: "deaf" in keys_heard(cluster), "the job says that it began")
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
