from __future__ import annotations

import pytest
from filelock import FileLock

from core import worker
from core.worker import Request, request, run_job


def test_a_request_is_read_from_the_run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "READ_SECONDS", 0.0)
    request(tmp_path, "run")
    wanted = Request(tmp_path)
    assert wanted() == "run"
    request(tmp_path, "pause")
    assert wanted() == "pause"


def test_a_request_is_read_at_most_so_often(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "READ_SECONDS", 3600.0)
    request(tmp_path, "run")
    wanted = Request(tmp_path)
    wanted()
    request(tmp_path, "stop")
    assert wanted() == "run"


def test_a_job_runs_alone_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "ORPHAN_SECONDS", 0.05)
    request(tmp_path, "run")
    sent = []
    job = ("tests.faults.jobs:count", str(tmp_path), {"epochs": 2}, "cpu")
    with FileLock(tmp_path / ".lock"), pytest.raises(ValueError, match="must have one writer"):
        run_job(sent.append, *job)
    assert run_job(sent.append, *job) == "finished"
    assert [message["epoch"] for message in sent if "epoch" in message] == [0, 1, 2]
