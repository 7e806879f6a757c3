"""Runs of many brought points, as Explore meets them: nothing is measured, and no map was drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload, keep
from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from core.runs.store import Store

CLASSES = 50


def large_run(root: Path, count: int, dimensions: int = 32, classes: int = CLASSES) -> Run:
    """A finished run in the store at `root`: `count` points around the centres of their classes."""
    generator = np.random.default_rng(0)
    labels = np.arange(count) % classes
    points = generator.normal(size=(classes, dimensions))[labels] + 0.6 * generator.normal(size=(count, dimensions))
    names = tuple(f"person {label}" for label in range(classes))
    store = Store(root)
    row = keep(store, Upload(f"{count} points.npz", points.astype(np.float32), labels, names, EUCLIDEAN))
    run = Run(store.folder(row.id))
    numbers = {"points": count, "classes": classes, "auc": 0.9, "eer": 0.1}
    when = MapRecord(step=0, epoch=0.0, seconds=0.0, map="none")
    run.write_statistics(when, numbers, {"embeddings": points.astype(np.float32)})
    run.write_result(run.snapshots()[-1].written())
    for state in ("running", "finished"):
        store.set_state(row.id, state)
    return run
