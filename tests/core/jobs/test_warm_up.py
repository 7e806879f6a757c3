"""Nobody waits for a compiler: what a worker calls has been compiled by the warm-up."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from core.jobs import warm_up
from core.jobs.warm_up import KERNELS
from core.jobs.worker import hold_back
from tests.imports import ROOT

# Prints the kernels that a training and what a user brings, little and much of it, compile after the warm-up.
SCRIPT = """
import gc, json, sys
from pathlib import Path

import numpy as np
from numba.core.dispatcher import Dispatcher

from core.statistics import distance_blocks, samples
from core.statistics.summary import Prepared
from core.jobs import measure_embeddings
from core.jobs.measure_embeddings import Upload, keep
from core.jobs.measure_in_parts import name_of
from core.distances import EUCLIDEAN
from core.encoders import Mlp
from core.experiment.experiment import Experiment
from core.jobs.train_run import record
from core.runs.run_folder import Run
from core.experiment.schedule import Schedule
from core.runs.store import Store
from core.jobs.warm_up import warm_up
from core.jobs.worker import train


def compiled():
    kernels = [found for found in gc.get_objects() if isinstance(found, Dispatcher)]
    ours = [kernel for kernel in kernels if kernel.__module__.startswith("core.")]
    return {f"{kernel.__module__}.{kernel.__name__} {types}" for kernel in ours for types in kernel.signatures}


warm_up()
before = compiled()
folder = Path(sys.argv[1])
record(Run.create(folder / "run", Experiment(encoder=Mlp(), schedule=Schedule(epochs=1, probe_points=200))))
store = Store(folder / "store")
labels = np.repeat(np.arange(24), 4)
points = np.random.default_rng(0).normal(size=(96, 6)).astype(np.float32)
distance_blocks.DIRECT_LIMIT = 40
for name, at_once, dtype in (
    ("little", 1000, np.float32),
    ("much", 50, np.float32),
    ("long", 1000, np.float64),
    ("much and long", 50, np.float64),
):
    samples.AT_ONCE, points = at_once, (points + 1).astype(dtype)
    row = keep(store, Upload(name, points, labels, tuple(map(str, range(24))), EUCLIDEAN))
    ask = dict(device="cpu", report=lambda progress: None, wanted=lambda: "run")
    if train(store.folder(row.id), row.experiment, **ask) == "parts":
        for start, stop in Prepared(points, labels).ranges():
            train(store.folder(row.id), row.experiment, part=name_of(start, stop), **ask)
        assert train(store.folder(row.id), row.experiment, **ask) == "finished"
print(json.dumps({"before": len(before), "since": sorted(compiled() - before)}))
"""


def test_a_worker_calls_only_what_is_compiled(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["before"] > 30 and found["since"] == []


def test_a_machine_that_has_kept_nothing_is_found_out(tmp_path: Path) -> None:
    """In an empty cache of kernels, with the work of a minute left out."""
    script = (
        "from core.jobs import warm_up\n"
        "warm_up._compile = lambda status: print('compiling')\n"
        "print(warm_up.are_kept())\n"
        "warm_up.main()\n"
        "print(warm_up.are_kept())\n"
        "warm_up.main()\n"
        "warm_up.version = lambda name: 'another'\n"
        "print(warm_up.are_kept())\n"
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["False", "compiling", "True", "False"]


def test_compiling_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(warm_up, "PARTS", (_nothing,))
    monkeypatch.setattr(warm_up, "LOOK_SECONDS", 0.0)
    warm_up._compile(warm_up.StatusLine())
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == f"Metric Lab: 0 of about {KERNELS} kernels compiled, once for this machine"
    assert last == "Metric Lab: the kernels are compiled"


def _nothing() -> None:
    pass


def test_what_is_loaded_beside_a_job_is_held_back_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, done = [], Event()
    monkeypatch.setattr(warm_up, "FIRST_JOB_SECONDS", 0.01)
    monkeypatch.setattr(warm_up, "NEXT_JOB_SECONDS", 0.01)
    monkeypatch.setattr(warm_up, "PARTS", (lambda: loaded.append(1), done.set))
    with warm_up.held_back():
        warm_up.warm_up_in_background()
        assert not done.wait(0.1) and not loaded
    assert done.wait(60) and loaded == [1]


def test_the_warm_up_waits_until_everybody_has_let_it_go(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = Event()
    monkeypatch.setattr(warm_up, "FIRST_JOB_SECONDS", 0.01)
    monkeypatch.setattr(warm_up, "NEXT_JOB_SECONDS", 0.01)
    monkeypatch.setattr(warm_up, "PARTS", (loaded.set,))
    hold_back(True)
    with warm_up.held_back():
        warm_up.warm_up_in_background()
    assert not loaded.wait(0.1), "the job has ended, and the engine still holds it back"
    hold_back(False)
    assert loaded.wait(60)


def test_a_worker_that_trains_nothing_is_spared_what_only_training_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, done = [], Event()
    monkeypatch.setattr(warm_up, "FIRST_JOB_SECONDS", 0.01)
    monkeypatch.setattr(warm_up, "_training", lambda: loaded.append("torch"))
    monkeypatch.setattr(warm_up, "PARTS", (lambda: loaded.append("maps"), warm_up._training, done.set))
    warm_up.warm_up_in_background(trains=False)
    assert done.wait(60) and loaded == ["maps"]


def test_torch_is_whole_before_scipy_is_imported_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[object]] = []
    monkeypatch.setattr(warm_up, "_warm_up_beside_jobs", begun.append)
    for trains in (True, False):
        warm_up.warm_up_in_background(trains)
    end = time.monotonic() + 30
    while len(begun) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert begun[0][0] is warm_up.torch_first and warm_up.torch_first not in begun[1]
