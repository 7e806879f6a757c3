"""A real training survives `kill -9` of its worker, of the engine and of the web process, to the last digit."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from core.experiment.experiment import Experiment
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.engines import Lab, eventually
from tests.faults.undisturbed import EXPERIMENT, check_undisturbed, reference_of
from tests.imports import ROOT

SHORT = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=2))
LONG = replace(EXPERIMENT, schedule=replace(EXPERIMENT.schedule, epochs=9))


def test_a_killed_engine_changes_no_number(tmp_path: Path) -> None:
    lab, run = Lab(tmp_path / "store", "--slots", "1"), submitted(tmp_path / "store", SHORT)
    try:
        lost = kill_within_an_epoch(lab, run, 1, lambda: lab.kill_engine())
        row = lab.until(run.folder.name, "finished", "failed")
    finally:
        lab.stop()
    assert (row.state, row.attempts) == ("finished", 2), row.message
    assert lost, "a kill between two epochs would show nothing"
    check_undisturbed(run, reference_of(SHORT, tmp_path / "reference"))


@pytest.mark.soak
def test_three_kills_change_no_number(tmp_path: Path) -> None:
    lab, run = Lab(tmp_path / "store", "--slots", "1"), submitted(tmp_path / "store", LONG)
    try:
        with web(lab.store.root) as page:
            lost = [kill_within_an_epoch(lab, run, 1, lambda: worker_of(lab, run).kill())]
            lost.append(kill_within_an_epoch(lab, run, 3, lambda: lab.kill_engine()))
            lost.append(kill_within_an_epoch(lab, run, 5, lambda: page.kill()))
        with web(lab.store.root):
            row = lab.until(run.folder.name, "finished", "failed")
    finally:
        lab.stop()
    assert (row.state, row.attempts) == ("finished", 3), row.message
    assert any(lost), "a kill between two epochs would show nothing"
    check_undisturbed(run, reference_of(LONG, tmp_path / "reference"))


def submitted(root: Path, experiment: Experiment) -> Run:
    store = Store(root)
    return Run(store.folder(store.submit(experiment.described(), experiment.run_id(), experiment.title()).id))


def kill_within_an_epoch(lab: Lab, run: Run, epoch: int, kill: Any) -> int:
    """Call `kill` some steps after the last checkpoint; how many steps had been done since."""

    def is_within() -> bool:
        lab.ensure()
        steps = run.steps()
        return bool(steps) and steps[-1].epoch > epoch and steps[-1].step - checkpoint(run) >= 3

    eventually(is_within, f"the run is within an epoch after {epoch}, but it is {lab.store.row(run.folder.name)}")
    kill()
    return run.steps()[-1].step - checkpoint(run)


def checkpoint(run: Run) -> int:
    path = run.folder / "checkpoints" / "manifest.json"
    return json.loads(path.read_text())[-1]["step"] if path.exists() else 0


def worker_of(lab: Lab, run: Run) -> psutil.Process:
    """The process that holds the lock of the run folder."""
    lock = str((run.folder / ".lock").resolve())
    for process in lab.engine().children():
        if lock in {file.path for file in process.open_files()}:
            return process
    raise AssertionError("no worker of the engine holds the run")


@contextmanager
def web(store: Path) -> Iterator[subprocess.Popen]:
    """The dashboard on a free port, up and answering."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"METRIC_LAB_STORE": str(store)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: answers(port) or process.poll() is not None, "the dashboard answers")
        assert process.poll() is None, "the dashboard ended instead of starting"
        yield process
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as reply:
            return reply.status == 200
    except (URLError, OSError):
        return False
