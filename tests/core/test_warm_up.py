"""Nobody waits for a compiler: what a worker calls has been compiled by the warm-up."""

import json
import subprocess
import sys

# Prints the kernels that a training and what a user brings, little and much of it, compile after the warm-up.
SCRIPT = """
import gc, json, sys
from pathlib import Path

import numpy as np
from numba.core.dispatcher import Dispatcher

from core import blocks
from core.brought import uploads
from core.brought.uploads import Upload, keep
from core.distances import EUCLIDEAN
from core.encoders import Mlp
from core.experiment import Experiment
from core.recording import record
from core.runs import Run
from core.schedule import Schedule
from core.store import Store
from core.warm_up import warm_up
from core.worker import train


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
for name, at_once in (("little", 1000), ("much", 50)):
    uploads.AT_ONCE, points = at_once, points + 1
    row = keep(store, Upload(name, points, labels, tuple(map(str, range(24))), EUCLIDEAN))
    ask = dict(device="cpu", report=lambda progress: None, wanted=lambda: "run")
    if train(store.folder(row.id), row.experiment, **ask) == "parts":
        for start, stop in blocks.Blocks(points, labels, uploads.MARGIN).ranges():
            train(store.folder(row.id), row.experiment, part=f"{start}-{stop}", **ask)
        assert train(store.folder(row.id), row.experiment, **ask) == "finished"
print(json.dumps({"before": len(before), "since": sorted(compiled() - before)}))
"""


def test_a_worker_calls_only_what_is_compiled(tmp_path):
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["before"] > 30 and found["since"] == []
