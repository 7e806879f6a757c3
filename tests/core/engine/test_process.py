"""The engine as a process, with the counting job of tests/faults/jobs.py."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import psutil
import pytest

from core.admission.data_owners import MACHINE, admitted_ids, change
from core.comparison.asked import Asked, ask
from core.comparison.plan import UPDATES, Budget, Plan, along
from core.engine import process
from core.engine.process import compiling_workers, ensure_engine, is_alive, ready_workers, stop_engine
from core.experiment.experiment import Experiment
from core.runs.store import Store
from tests.core.heads import brought, head, vectors
from tests.engines import Lab, eventually
from tests.imports import ROOT

JOB = ("--job", "tests.faults.jobs:count", "--warm-up", "")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"), *JOB, "--slots", "2")
    lab.ensure()
    yield lab
    lab.stop()


def test_thirty_equal_submissions_are_one_training(lab: Lab) -> None:
    for _ in range(30):
        run_id = lab.submit(1)
    row = lab.until(run_id, "finished")
    assert (row.epoch, row.epochs, row.attempts) == (20, 20, 1)
    assert len(lab.lines(run_id, "starts")) == 1
    assert lab.lines(run_id, "epochs") == [str(epoch) for epoch in range(1, 21)]


def test_a_run_is_paused_resumed_and_stopped(lab: Lab) -> None:
    run_id = lab.submit(2, epochs=100_000)
    lab.until_epoch(run_id, 1)
    lab.store.want(run_id, "pause")
    reached = lab.until(run_id, "paused").epoch
    lab.store.want(run_id, "run")
    lab.until_epoch(run_id, reached + 1)
    lab.store.want(run_id, "stop")
    lab.until(run_id, "stopped")
    epochs = lab.lines(run_id, "epochs")
    assert epochs == [str(epoch) for epoch in range(1, len(epochs) + 1)], "no epoch is lost and none is done twice"


@pytest.mark.parametrize(
    "number, fault, message",
    [(3, "bad value", "margin must be above 0, got -1. Take 0.2."), (4, "bug", "KeyError: 'no such thing'")],
)
def test_a_failed_job_says_why(lab: Lab, number: int, fault: str, message: str) -> None:
    row = lab.until(lab.submit(number, fault=fault), "failed")
    assert row.message == message
    log = (lab.store.root / "engine" / "log").read_text()
    assert "in misbehave" in log, "the traceback is for the log"


def test_one_engine_per_store_however_many_ask(lab: Lab) -> None:
    engine = lab.engine().pid
    for _ in range(5):
        lab.ensure()
    command = [sys.executable, "-m", "core.engine", "--store", str(lab.store.root)]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert second.returncode == 0
    assert "another engine has the store" in second.stderr
    assert lab.engine().pid == engine


def test_asking_for_a_living_engine_costs_a_page_little(lab: Lab) -> None:
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        lab.ensure()
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.001


def test_nothing_listens_beyond_this_machine(lab: Lab) -> None:
    lab.until(lab.submit(5), "finished")
    engine = lab.engine()
    listening = [
        connection.laddr.ip
        for process in [engine, *engine.children(recursive=True)]
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3, "scheduler and workers listen somewhere"
    assert set(listening) == {"127.0.0.1"}


def test_an_engine_has_a_worker_beside_its_slots_and_says_how_many_are_ready(lab: Lab) -> None:
    eventually(lambda: ready_workers(lab.store.root) == 3, "two slots and a worker beside them")
    assert compiling_workers(lab.store.root) == []


def test_what_the_engine_says_is_for_its_owner_alone(lab: Lab) -> None:
    assert (lab.store.root / "engine").stat().st_mode & 0o077 == 0


def errors_in(log: str) -> list[str]:
    """What an engine's log tells with a traceback, but for what Dask's own workers say where their last word to a
    scheduler that has been closed comes too late."""
    told = re.split(r"^(?=\d{4}-\d\d-\d\d )", log, flags=re.MULTILINE)
    return [one for one in told if "Traceback" in one and " - distributed.worker - ERROR - Failed to comm" not in one]


def test_a_late_word_of_a_worker_is_no_error_of_the_engine() -> None:
    late = (
        "2026-11-30 19:03:34,751 - distributed.worker - ERROR - Failed to communicate with scheduler\nTraceback ...\n"
    )
    own = "2026-11-30 19:03:35,000 ERROR the step was cut short\nTraceback (most recent call last):\n"
    assert errors_in(f"2026-11-30 19:03:33,000 INFO engine 1 ends\n{late}") == []
    assert errors_in(f"{late}{own}") == [own] and errors_in("Traceback (most") == ["Traceback (most"]


def test_an_engine_without_work_ends_and_comes_back(tmp_path: Path) -> None:
    options = (*JOB, "--slots", "1", "--idle-minutes", "0.001")
    lab = Lab(tmp_path, *options)
    ensure_engine(tmp_path, *options)
    eventually(lambda: not is_alive(tmp_path), "the idle engine ends")
    lab.until(lab.submit(1, epochs=1), "finished")
    stop_engine(tmp_path)
    assert not is_alive(tmp_path)
    log = (tmp_path / "engine" / "log").read_text()
    assert not errors_in(log) and log.count(f" serves {tmp_path} ") == 2, "with work none ends by itself"


def test_a_run_waits_in_the_queue_while_its_worker_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRIC_LAB_TEST_COMPILED", str(tmp_path / "compiled"))
    job, warm_up = "tests.faults.jobs:count", "tests.faults.jobs:compile_slowly"
    lab = Lab(tmp_path, "--job", job, "--warm-up", warm_up, "--slots", "1")
    try:
        run_id = lab.submit(1)
        lab.ensure()
        eventually(lambda: compiling_workers(tmp_path), "the worker says that it compiles")
        assert lab.store.row(run_id).state == "queued"
        (tmp_path / "compiled").touch()
        lab.until(run_id, "finished")
        assert compiling_workers(tmp_path) == []
    finally:
        lab.stop()


class _Stuck:
    """A loop whose steps are cut short by these errors in turn; None is a step that succeeds."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = iter(errors)

    def step(self) -> None:
        if error := next(self.errors):
            raise error


def test_a_step_that_is_cut_short_again_and_again_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    full = [OSError(f"no room for .state.{name}.part") for name in "abc"]
    stuck, told = _Stuck(*full, None, OSError("no room"), ValueError("another")), ""
    counts = []
    for _ in range(6):
        told = process._step(stuck, told)  # type: ignore[arg-type]
        counts.append(len(caplog.records))
    assert counts == [1, 1, 1, 1, 2, 3]


@pytest.mark.parametrize("what", ["", "a run", "a word", "a comparison"])
def test_what_comes_while_an_engine_leaves_starts_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    started: list[Path] = []
    store = Store(tmp_path)

    def leave(*of: object) -> bool:
        if what == "a comparison":
            ask(
                tmp_path,
                Asked.of("two", Plan(along(Experiment(), "miner", ["all", "random"]), (0,), Budget(UPDATES, 9))),
            )
        elif what:
            row = store.submit({"epochs": 1}, "1" * 32, "a run")
            if what == "a word":
                store.set_state(row.id, "running")
                store.want(row.id, "pause")
        return False

    monkeypatch.setattr(process, "_serve", leave)
    monkeypatch.setattr(process, "keep_to_owner", lambda: None)
    monkeypatch.setattr(process, "ensure_engine", lambda root, *options: started.append(root))
    assert process.main(["--store", str(tmp_path)]) == 0
    assert started == ([tmp_path] if what else [])


class _Served:
    """A cluster, its dispatcher and the conductors, each of which notes that it is closed; `fails` says whose steps."""

    is_idle, capacity = True, 1
    are_busy = False

    def __init__(self, name: str, closed: list[str], fails: Exception | None = None) -> None:
        self.name, self.closed, self.fails, self.steps = name, closed, fails, 0

    def step(self) -> None:
        self.steps += 1
        if self.fails and self.steps < 4:
            raise self.fails

    def compiling(self) -> list[str]:
        return []

    def close(self) -> None:
        self.closed.append(self.name)

    def ask_all_to_pause(self) -> None:
        self.closed.append(self.name)

    def has_jobs(self) -> bool:
        return False


@pytest.mark.parametrize("fails", ["conductors", "dispatcher"])
def test_whatever_is_cut_short_the_engine_closes_all_that_it_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails: str
) -> None:
    closed = list[str]()
    error = OSError("Cannot allocate memory") if fails == "conductors" else MemoryError("of another kind")
    parts = {name: _Served(name, closed) for name in ("cluster", "dispatcher", "conductors")}
    parts[fails].fails = error
    monkeypatch.setattr(process, "_cluster_of", lambda *of: parts["cluster"])
    monkeypatch.setattr(process, "Dispatcher", lambda *of: parts["dispatcher"])
    monkeypatch.setattr("core.engine.conductors.Conductors", lambda *of: parts["conductors"])
    monkeypatch.setattr(process.signal, "signal", lambda *of: None)
    monkeypatch.setattr(process, "TICK_SECONDS", 0.0)
    (tmp_path / "engine").mkdir()
    options = process._parser().parse_args(["--warm-up", "", "--idle-minutes", "0.0001"])
    if fails == "dispatcher":
        with pytest.raises(MemoryError):
            process._serve(Store(tmp_path), options)
    else:
        assert not process._serve(Store(tmp_path), options) and parts["conductors"].steps >= 4
        assert caplog.text.count("the step was cut short") == 1
    assert closed == ["conductors", "dispatcher", "cluster"]


def test_a_long_log_begins_anew_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_BYTES", 100)
    path = tmp_path / "log"
    process._rotate(path)  # an engine started by hand has none
    with path.open("ab", buffering=0) as worker, path.open("ab", buffering=0) as engine:
        for written in range(1, 4):
            worker.write(b"w" * 40)
            engine.write(b"e" * 20)
            process._rotate(path)
            assert path.stat().st_size == 60 * (written % 2)
        assert (tmp_path / "log.old").read_bytes() == b"w" * 40 + b"e" * 20 + b"w" * 40 + b"e" * 20
        engine.write(b"last")
    assert path.read_bytes() == b"w" * 40 + b"e" * 20 + b"last"


def test_a_store_without_an_engine_is_left_alone(tmp_path: Path) -> None:
    assert not is_alive(tmp_path) and compiling_workers(tmp_path) == [] and ready_workers(tmp_path) is None
    stop_engine(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_page_can_import_the_engine_without_dask() -> None:
    script = (
        "import sys, core.engine.process; print(sorted({'dask', 'distributed', 'torch', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert found.stdout.strip() == "[]"


def test_what_was_deleted_long_ago_goes_runs_before_the_data_that_they_stand_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    store, dataset = Store(tmp_path), brought(vectors())
    row = store.submit(head(dataset).described(), "1" * 32, "a head")
    change(dataset.data, [MACHINE], deleted_at="2020-01-01")
    process._purge(store)
    assert admitted_ids() == [dataset.data]
    store.delete(row.id)
    store.set_state(row.id, "stopped")
    monkeypatch.setattr(Store, "purge", partialmethod(Store.purge, days=0))
    process._purge(store)
    assert admitted_ids() == [] and store.rows() == [] == store.deleted_rows()
