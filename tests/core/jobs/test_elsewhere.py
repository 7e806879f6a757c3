"""A job in a store of its own: what it needs is there, what it writes goes out while it works, and requests come in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from core.datasets.admitted import data_root
from core.jobs import elsewhere
from core.jobs.elsewhere import run_elsewhere
from core.runs.deliveries import offer, take_in
from core.runs.exchange import Exchange
from core.system.locations import store_root
from tests.engines import eventually
from tests.imports import ROOT

RUN = "b" * 32
KEY = f"{RUN}-1-0"
FOLDER = f"runs/{RUN}"
DATA = "d" * 32


HERE: ContextVar[Job] = ContextVar("HERE")  # as Dask knows its worker, in the job's own thread alone


def read_data(folder: Path, experiment: dict[str, Any], **how: Any) -> str:
    """A job that says what it finds of the store."""
    (folder / "seen").write_text((data_root() / experiment["dataset"]["data"] / "samples.npy").read_text())
    return "finished"


def refuse(folder: Path, experiment: dict[str, Any], **how: Any) -> str:
    """A job that writes, and fails."""
    (folder / "written").write_text("before it failed")
    raise ValueError("margin must be above 0, got -1. Take 0.2.")


class Job:
    """One job, as the engine and the worker see it."""

    def __init__(self, root: Path) -> None:
        self.here, self.address = root / "here", (root / "exchange").as_uri()
        self.exchange = Exchange(f"{self.address}/lab")
        self.folder = self.here / FOLDER
        self.folder.mkdir(parents=True)
        self.heard: list[dict[str, Any]] = []
        self.is_wanted = True
        self.answer: str | BaseException = ""

    def offer(self, *folders: str) -> None:
        offer(self.exchange, KEY, self.here, [FOLDER, *folders], set())

    def run(self, job: str = "tests.faults.jobs:count", **experiment: Any) -> str:
        HERE.set(self)
        where = (self.address, "lab"), KEY, lambda key: HERE.get().is_wanted
        return run_elsewhere(self.heard.append, *where, job, RUN, {"epochs": 3} | experiment, "cpu")

    def begin(self, **experiment: Any) -> Thread:
        def work() -> None:
            try:
                self.answer = self.run(**experiment)
            except ValueError as problem:
                self.answer = problem

        thread = Thread(target=work)
        thread.start()
        return thread

    def take_in(self) -> None:
        """As the engine does with what it has heard of."""
        numbers = [message["delivery"] for message in self.heard if "delivery" in message]
        assert numbers == list(range(1, len(numbers) + 1))
        for number in numbers:
            take_in(self.exchange, KEY, number, self.folder)


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path / "there"))
    monkeypatch.setattr(elsewhere, "LOOK_SECONDS", 0.05)
    elsewhere._own_store.cache_clear()
    yield Job(tmp_path)
    elsewhere._own_store.cache_clear()


def test_what_a_job_writes_is_delivered_and_counted(job: Job, tmp_path: Path) -> None:
    job.offer()
    answer, _, count = job.run(epochs=30).partition(" ")
    assert answer == "finished" and int(count) >= 2, "some of it while it works"
    job.take_in()
    assert json.loads((job.folder / "result.json").read_text()) == {"total": 465}
    own = tmp_path / "there" / "scratch"
    assert store_root().parent == own and store_root().name.endswith(f"-{os.getpid()}")


def test_it_goes_on_from_what_is_offered(job: Job) -> None:
    (job.folder / "reached").write_text("2")
    job.offer()
    job.run()
    job.take_in()
    assert (job.folder / "epochs").read_text() == "3\n"


def test_the_data_that_were_brought_come_with_it_and_go_with_the_next(job: Job) -> None:
    for data_id in (DATA, "e" * 32):
        (job.here / "data" / data_id).mkdir(parents=True)
        (job.here / "data" / data_id / "samples.npy").write_text(data_id)
        job.offer(f"data/{data_id}")
        job.run("tests.core.jobs.test_elsewhere:read_data", dataset={"kind": "brought", "data": data_id})
        assert [folder.name for folder in data_root().iterdir()] == [data_id]


@pytest.mark.parametrize("wanted, answer", [("pause", "paused"), ("stop", "stopped")])
def test_a_request_reaches_it_half_of_one_does_not(job: Job, wanted: str, answer: str) -> None:
    job.offer()
    thread = job.begin(epochs=1000, held=True)
    eventually(lambda: len(job.heard) > 3, "it works")
    job.exchange.put(f"jobs/{KEY}/wanted", b"\xff")  # nor what is no word at all
    thread.join(0.3)
    job.exchange.put(f"jobs/{KEY}/wanted", wanted[:2].encode())
    eventually(lambda: (store_root() / FOLDER / "wanted").exists(), "its request is there")
    thread.join(0.3)
    assert thread.is_alive() and (store_root() / FOLDER / "wanted").read_text() == "run"
    job.exchange.put(f"jobs/{KEY}/wanted", wanted.encode())
    thread.join(60)
    assert str(job.answer).startswith(f"{answer} ")


def test_a_job_that_nobody_waits_for_any_more_pauses(job: Job) -> None:
    job.offer()
    thread = job.begin(epochs=1000, held=True)
    eventually(lambda: len(job.heard) > 3, "it works")
    job.is_wanted = False
    thread.join()
    assert str(job.answer).startswith("paused ")


def test_it_waits_for_its_offer(job: Job) -> None:
    thread = job.begin()
    thread.join(0.3)
    assert thread.is_alive() and not job.heard
    job.offer()
    thread.join()
    assert str(job.answer).startswith("finished ")


def test_what_a_job_has_written_is_delivered_though_it_fails(job: Job) -> None:
    job.offer()
    with pytest.raises(ValueError, match="margin must be above 0"):
        job.run("tests.core.jobs.test_elsewhere:refuse")
    job.take_in()
    assert (job.folder / "written").read_text() == "before it failed"


def test_an_exchange_that_does_not_answer_for_long_ends_the_job_in_a_sentence(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setenv("METRIC_LAB_EXCHANGE", "file:///dev/null/nowhere")
    job.offer()
    with pytest.raises(ValueError, match=r"the exchange must answer a worker .* METRIC_LAB_EXCHANGE there"):
        job.run()


def test_an_exchange_that_is_away_for_a_while_costs_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    job.offer()
    put, refused = Exchange.put_json, []

    def refuse_at_first(self: Exchange, name: str, value: Any) -> None:
        if len(refused) < 3:
            refused.append(name)
            raise ConnectionResetError("gone for a while")
        put(self, name, value)

    monkeypatch.setattr(Exchange, "put_json", refuse_at_first)
    assert job.run(epochs=20).startswith("finished ")
    job.take_in()
    assert len(refused) == 3 and (job.folder / "result.json").exists()


def test_the_scratch_of_killed_processes_goes(job: Job, tmp_path: Path) -> None:
    import platform

    scratch = tmp_path / "there" / "scratch"
    for name in (f"{platform.node()}-4194305", "another-host-4194305", f"{platform.node()}-{os.getppid()}"):
        (scratch / name / "runs").mkdir(parents=True)
    job.offer()
    job.run()
    assert sorted(folder.name for folder in scratch.iterdir()) == sorted(
        ["another-host-4194305", f"{platform.node()}-{os.getppid()}", f"{platform.node()}-{os.getpid()}"]
    )


def test_it_needs_no_index() -> None:
    assert "sqlite" not in (ROOT / "core/jobs/elsewhere.py").read_text()
