"""Run folders made in a moment: real digits, real statistics, embeddings that form without a training."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

import numpy as np

from core.evidence.appraisal import appraise, deepened
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import PreparedData, prepare
from core.experiment.schedule import Schedule
from core.jobs.measure_protocols import protocols_of_run
from core.records.snapshot_record import MapRecord
from core.runs.run_folder import Run
from core.runs.store import Store
from core.statistics.summary import summarise

EXPERIMENT = Experiment(schedule=Schedule(epochs=2, probe_points=300))
ALARM = {"kind": "total", "sentence": "Total collapse.", "evidence": ["two images are 0.03 apart on average"]}
PULLS = (0.0, 0.4, 0.8)  # towards the centre of the class, after epochs 0, 1 and 2
Files = dict[str, bytes]
# What was written before in this process, by what was made: many tests ask for the same, each in a store of its own.
WRITTEN: dict[Hashable, Files] = {}


def written_once(key: Hashable, folder: Path, write: Callable[[], object]) -> None:
    """Write into a folder; where the same was written before under that key, its files again."""
    if key not in WRITTEN:
        before = files_of(folder)
        write()
        WRITTEN[key] = {name: content for name, content in files_of(folder).items() if before.get(name) != content}
        return
    for name, content in WRITTEN[key].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def files_of(folder: Path) -> Files:
    """All that lie in a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def made_run(
    root: Path, experiment: Experiment = EXPERIMENT, *, pulls: Sequence[float] = PULLS, state: str = "finished"
) -> Run:
    """A run in the store at `root` with a snapshot for each of `pulls`: a random projection of the pixels, then classes
    that are pulled together. Its numbers and arrays are what the worker would have written for these embeddings."""
    store = Store(root)
    row = store.submit(experiment.described(), experiment.run_id(), experiment.title())
    run = Run(store.folder(row.id))
    key = row.id, json.dumps(experiment.described(), sort_keys=True), tuple(pulls)
    written_once(key, run.folder, lambda: write_run(run.folder, experiment, pulls))
    Run.create(run.folder, experiment)  # with the folders in which no file lies
    epoch, epochs = len(pulls) - 1, experiment.schedule.epochs
    store.set_state(row.id, "running")
    store.progress(row.id, epoch, epochs, step=10 * epoch, seconds=float(epoch), seconds_left=float(epochs - epoch))
    if state == "finished":
        written_once((*key, state), run.folder, lambda: write_result(run))
    if state != "running":
        store.set_state(row.id, state)
    return run


def write_run(folder: Path, experiment: Experiment, pulls: Sequence[float]) -> None:
    """All but its result."""
    run, material = Run.create(folder, experiment), prepare(experiment)
    run.write_data(material)
    labels = run.probe()["labels"]
    for epoch, pull in enumerate(pulls):
        write_snapshot(run, experiment, embeddings_of(material, labels, pull), labels, epoch)
    write_appraisal(run, experiment, labels)


def write_result(run: Run) -> None:
    """Of its last snapshot."""
    run.write_result(run.snapshots()[-1].written() | protocols_of_run(run))


def collapse(run: Run) -> None:
    """Have its last snapshot say that it has collapsed."""
    path = run.folder / "snapshots.jsonl"
    *before, last = path.read_text().splitlines()
    path.write_text("\n".join([*before, json.dumps(json.loads(last) | {"alarm": ALARM})]) + "\n")


def embeddings_of(material: PreparedData, labels: np.ndarray, pull: float) -> np.ndarray:
    """(N, 16) of unit length."""
    rng = np.random.default_rng(0)
    pixels = material.images.pixels[material.probe_rows].reshape(len(labels), -1).astype(np.float64)
    points = (pixels - pixels.mean(axis=0)) @ rng.normal(size=(pixels.shape[1], 16))
    classes, place = np.unique(labels, return_inverse=True)
    centres = np.stack([points[labels == label].mean(axis=0) for label in classes])
    points += pull * (centres[place] - points)
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def write_snapshot(run: Run, experiment: Experiment, embeddings: np.ndarray, labels: np.ndarray, epoch: int) -> None:
    loss = experiment.loss
    statistics = summarise(
        embeddings,
        labels,
        margin=loss.hardness_margin,
        distance=experiment.distance,
    )
    centred = embeddings - embeddings.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    arrays = {
        "embeddings": embeddings,
        "map": (centred @ directions.T).astype(np.float32),
        **statistics.arrays(),
        **appraise(embeddings, labels, statistics.thresholds, distance=experiment.distance).arrays(),
    }
    when = MapRecord(step=10 * epoch, epoch=float(epoch), seconds=float(epoch), map="pca")
    run.write_map(when, {"map": arrays["map"]})
    run.write_statistics(when, statistics.numbers, arrays)


def write_appraisal(run: Run, experiment: Experiment, labels: np.ndarray) -> None:
    """Of the last snapshot."""
    step = run.snapshots()[-1].step
    found, embeddings = run.appraisal(step), run.snapshot(step, "embeddings")["embeddings"]
    assert found is not None
    deep = deepened(found, embeddings, labels, run.threshold_edges(step), distance=experiment.distance)
    run.write_appraisal(step, deep.deep_arrays())
