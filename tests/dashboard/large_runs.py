"""Runs of many brought points, as Explore meets them: nothing is measured, and no map was drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.distances import EUCLIDEAN
from core.jobs.measure_embeddings import Upload, keep
from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from core.runs.store import Store

CLASSES, DIMENSIONS = 50, 32


def large_run(
    root: Path,
    count: int,
    *,
    classes: int = CLASSES,
    class_names: tuple[str, ...] = (),
    point_names: tuple[str, ...] = (),
) -> Run:
    """A finished run in the store at `root`: `count` points around the centres of their classes, of which there are as
    many as names for them."""
    names = class_names or tuple(f"person {label}" for label in range(classes))
    generator = np.random.default_rng(0)
    labels = np.arange(count) % len(names)
    centres = generator.normal(size=(len(names), DIMENSIONS))
    points = (centres[labels] + 0.6 * generator.normal(size=(count, DIMENSIONS))).astype(np.float32)
    store = Store(root)
    row = keep(store, Upload(f"{count} points.npz", points, labels, names, EUCLIDEAN, point_names))
    run = Run(store.folder(row.id))
    numbers = {"points": count, "classes": len(names), "auc": 0.9, "eer": 0.1}
    when = MapRecord(step=0, epoch=0.0, seconds=0.0, map="none")
    run.write_statistics(when, numbers, {"embeddings": points})
    run.write_result(run.snapshots()[-1].written())
    for state in ("running", "finished"):
        store.set_state(row.id, state)
    return run
