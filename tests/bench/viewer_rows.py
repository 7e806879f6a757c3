"""Two trainings while somebody watches one of them who receives everything and paints nothing, beside the same two left
alone, in turns; each turn is compared with the mean of the one before it and the one after it."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from core.datasets.fashion_mnist import FashionMnist
from core.engine.process import ensure_engine
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.runs.run_folder import Run
from core.runs.store import Store
from tests.bench.viewer import Viewer
from tests.browser.served import ROOT, started

OPENING_SECONDS, TURN_SECONDS = 3.0, 10.0
TURNS = 7
BAR = 0.92


def rows() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        experiments = [Experiment(dataset=FashionMnist(), schedule=Schedule(epochs=1000, seed=seed)) for seed in (0, 1)]
        submitted = [store.submit(one.described(), one.run_id(), one.title()) for one in experiments]
        ensure_engine(store.root)
        server = started(ROOT / "dashboard" / "app.py", {"METRIC_LAB_STORE": folder}, Path(folder))
        try:
            runs = [Run(store.folder(row.id)) for row in submitted]
            while not all(_has_begun(run) for run in runs):
                time.sleep(0.5)
            turns = []
            earlier = _speed(runs)
            for _ in range(TURNS):
                viewer = Viewer(server.address, "train", f"run={submitted[0].id}")
                time.sleep(OPENING_SECONDS)
                before = viewer.received
                watched = _speed(runs)
                received = viewer.received - before
                viewer.close()
                if not received:
                    raise RuntimeError("whoever watches must receive something in a turn, got nothing.")
                later = _speed(runs)
                turns.append(((earlier + later) / 2, watched))
                earlier = later
        finally:
            server.close()
    ratio = statistics.median(watched / alone for alone, watched in turns)
    return [
        {
            "what": "two trainings while somebody watches",
            "ours": statistics.median(watched for _, watched in turns),
            "unit": "images/s",
            "peer": statistics.median(alone for alone, _ in turns),
            "peer_name": f"the same left alone, {len(turns)} turns",
            "ratio": ratio,
            "bar": f">= {BAR}",
            "holds": ratio >= BAR,
        }
    ]


def _has_begun(run: Run) -> bool:
    return (run.folder / "run.json").exists() and len(run.snapshots()) >= 3


def _speed(runs: list[Run]) -> float:
    """Images a second of all together during one turn."""
    before, began = [len(run.steps()) for run in runs], time.monotonic()
    time.sleep(TURN_SECONDS)
    counts, seconds = [len(run.steps()) for run in runs], time.monotonic() - began
    images = 0
    for run, first, last in zip(runs, before, counts, strict=True):
        batch = run.experiment().sampler
        images += batch.classes_per_batch * batch.samples_per_class * (last - first)
    return images / seconds
