from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from core.jobs import warm_up, worker
from core.jobs.worker import Request, request, run_job
from core.runs.parts import clear, keep, lock_of, missing, spread
from tests.faults import part_jobs

# The folder of a run, and the arguments of its job.
Job = tuple[Path, tuple[str, str, dict[str, int], str]]


def test_a_request_is_read_from_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "READ_SECONDS", 0.0)
    request(tmp_path, "run")
    wanted = Request(tmp_path)
    assert wanted() == "run"
    request(tmp_path, "pause")
    assert wanted() == "pause"


def test_a_request_is_read_at_most_so_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "READ_SECONDS", 3600.0)
    request(tmp_path, "run")
    wanted = Request(tmp_path)
    wanted()
    request(tmp_path, "stop")
    assert wanted() == "run"


def test_a_job_runs_alone_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ORPHAN_SECONDS", 0.05)
    request(tmp_path, "run")
    sent = []
    job = ("tests.faults.jobs:count", str(tmp_path), {"epochs": 2}, "cpu")
    with FileLock(tmp_path / ".lock"), pytest.raises(ValueError, match="must have one writer"):
        run_job(sent.append, *job)
    assert run_job(sent.append, *job) == "finished"
    assert [message["epoch"] for message in sent if "epoch" in message] == [0, 1, 2]


@pytest.mark.parametrize("kept", [False, True])
def test_a_worker_says_that_it_compiles_where_the_kernels_are_not_kept(
    monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    done = []
    monkeypatch.setattr(warm_up, "are_kept", lambda: kept)
    monkeypatch.setattr(warm_up, "compile_elsewhere", lambda: done.append("compiled"))
    monkeypatch.setattr(warm_up, "warm_up_in_background", lambda trains: done.append("loading"))
    worker.warm_up(done.append)
    assert done == ["loading"] if kept else [{"compiling": True}, "compiled", "loading"]


@pytest.fixture
def in_parts(tmp_path: Path) -> Job:
    """A run folder with two parts, and the arguments of its job."""
    request(tmp_path, "run")
    spread(tmp_path, ["0", "1"])
    return tmp_path, ("tests.faults.part_jobs:total", str(tmp_path), {"parts": 2}, "cpu")


def test_the_parts_of_a_run_are_made_at_once_but_none_twice(in_parts: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ORPHAN_SECONDS", 0.05)
    folder, job = in_parts
    with FileLock(lock_of(folder, "0")), FileLock(folder / ".lock"):
        assert run_job(print, *job, "1") == "finished"
        with pytest.raises(ValueError, match="must have one writer"):
            run_job(print, *job, "0")
    assert missing(folder) == ["0"]


def test_what_an_orphan_has_kept_is_not_made_again(in_parts: Job) -> None:
    folder, job = in_parts
    keep(folder, "0", {"value": np.array(7)})
    assert run_job(print, *job, "0") == "finished"
    assert not (folder / "begun").exists()


def test_a_whole_job_asks_for_parts_and_gathers_them(in_parts: Job) -> None:
    folder, job = in_parts
    assert run_job(print, *job) == "parts"
    for part in missing(folder):
        assert run_job(print, *job, part) == "finished"
    assert run_job(print, *job) == "finished"
    assert json.loads((folder / "result.json").read_text()) == {"total": 1}


@pytest.mark.parametrize("answer", ["finished", "parts"])
def test_a_part_that_keeps_nothing_has_not_finished(
    in_parts: Job, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    _, job = in_parts
    monkeypatch.setattr(part_jobs, "total", lambda *_, **__: answer)
    with pytest.raises(ValueError, match=f"must be kept before it is {answer}, got no result of 0"):
        run_job(print, *job, "0")


def test_parts_without_a_plan_are_refused(in_parts: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, job = in_parts
    clear(folder)
    monkeypatch.setattr(part_jobs, "total", lambda *_, **__: "parts")
    with pytest.raises(ValueError, match="must list the parts of the run"):
        run_job(print, *job)


@pytest.mark.parametrize(
    ("written", "name"), [('{"name": "my cats · triplet"}', "my cats · triplet"), ("", ""), ("[]", ""), ("{}", "")]
)
def test_a_run_is_called_as_it_was_asked_for(written: str, name: str, tmp_path: Path) -> None:
    assert worker._asked_name(tmp_path) == ""
    (tmp_path / "state.json").write_text(written)
    assert worker._asked_name(tmp_path) == name
