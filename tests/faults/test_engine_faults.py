"""Processes that die, hang and hunger; the counting job shows that no epoch is lost and none is done twice."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psutil
import pytest

from core.engine.dispatcher import OUT_OF_MEMORY
from tests.engines import Lab, eventually, is_gone


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    options = ("--job", "tests.faults.jobs:count", "--warm-up", "", "--slots", "2", "--memory", "400MB")
    lab = Lab(tmp_path_factory.mktemp("lab"), *options)
    lab.ensure()
    yield lab
    lab.stop()


def assert_undisturbed(lab: Lab, run_id: str) -> None:
    assert json.loads((lab.store.folder(run_id) / "result.json").read_text()) == {"total": sum(range(1, 21))}


def test_a_killed_worker_costs_one_attempt_of_one_run(lab: Lab) -> None:
    first, second = lab.submit(1, held=True), lab.submit(2, held=True)
    lab.until_epoch(first, 2)
    lab.until_epoch(second, 2)
    psutil.Process(int(lab.lines(first, "starts")[0])).kill()
    lab.release(first, second)
    assert lab.until(first, "finished").attempts == 2
    assert lab.until(second, "finished").attempts == 1
    for run_id in (first, second):
        assert_undisturbed(lab, run_id)


def test_workers_die_with_their_engine_and_the_queue_lives_on(lab: Lab) -> None:
    going = [lab.submit(3, held=True), lab.submit(4, held=True)]
    waiting = lab.submit(5)
    for run_id in going:
        lab.until_epoch(run_id, 2)
    workers = lab.kill_engine()
    assert len(workers) >= 2
    eventually(lambda: all(map(is_gone, workers)), "the workers of a killed engine end")
    assert lab.store.row(waiting).state == "queued"
    lab.release(*going)
    for run_id in going:
        assert lab.until(run_id, "finished").attempts == 2
        assert_undisturbed(lab, run_id)
    assert lab.until(waiting, "finished").attempts == 1


def test_an_engine_that_is_asked_to_end_keeps_its_runs(lab: Lab) -> None:
    run_id = lab.submit(6, held=True)
    lab.until_epoch(run_id, 2)
    lab.stop()
    row = lab.store.row(run_id)
    assert (row.state, row.fruitless) == ("queued", 0)
    lab.release(run_id)
    lab.until(run_id, "finished")
    assert_undisturbed(lab, run_id)


def test_a_run_that_kills_every_worker_is_given_up(lab: Lab) -> None:
    row = lab.until(lab.submit(7, fault="death"), "failed")
    assert row.attempts == 3
    assert "did not get past epoch 0" in row.message
    assert "often by a system that is short of memory" in row.message, "which kills in the same way"


def test_a_run_that_hears_nothing_is_stopped_by_force(lab: Lab) -> None:
    run_id = lab.submit(8, fault="deaf")
    starts = lab.store.folder(run_id) / "starts"
    eventually(lambda: starts.exists() and starts.read_text().endswith("\n"), "the job has said that it starts")
    process = psutil.Process(int(lab.lines(run_id, "starts")[0]))
    lab.store.want(run_id, "stop")
    lab.until(run_id, "stopped")
    eventually(lambda: is_gone(process), "its process is gone")
    lab.until(lab.submit(9), "finished")


def test_too_much_memory_fails_one_run_with_a_sentence(lab: Lab) -> None:
    row = lab.until(lab.submit(10, fault="hunger"), "failed")
    assert row.message == OUT_OF_MEMORY
    lab.until(lab.submit(11), "finished")


def test_memory_that_the_machine_refuses_fails_one_run_with_the_same_sentence(lab: Lab) -> None:
    row = lab.until(lab.submit(12, fault="greed"), "failed")
    assert (row.message, row.attempts) == (OUT_OF_MEMORY, 1)
    lab.until(lab.submit(13), "finished")
