"""Forks: runs that start from another run's checkpoint with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.records.run_record import Origin
from core.runs.checkpoints import healthy_path, last_healthy
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.system.atomic_files import write_bytes

START = Path("checkpoints") / "start.pt"


def fork(store: Store, parent: Run, changes: Mapping[str, Mapping[str, Any]], cure: str, dataset: str = "") -> Row:
    """Ask for a run that starts from the last healthy checkpoint of `parent`, with `changes` by family.

    Where the parent was never healthy after its start, the fork begins with the same initial weights as the parent did:
    those of its seed. The same fork asked for twice is one run. `cure` says in words what was changed,
    `dataset` what whoever asks calls the data.
    """
    experiment = parent.experiment().changed(changes)
    own_encoder, encoder = parent.experiment().encoder, experiment.encoder
    if (own_encoder.name, own_encoder.dimension) != (encoder.name, encoder.dimension):
        raise ValueError(
            f"a fork must keep the encoder whose weights it starts from, {own_encoder.name} of "
            f"{own_encoder.dimension} dimensions, got {encoder.name} of {encoder.dimension}. Start a new run for that."
        )
    healthy = last_healthy(parent.folder / "checkpoints")
    record = parent.record()
    origin = Origin(
        run=record.id,
        title=record.title,
        cure=cure,
        step=healthy["step"] if healthy else 0,
        epoch=healthy["epoch"] if healthy else 0.0,
        sha256=healthy["sha256"] if healthy else "",
    )
    run_id = experiment.run_id(origin.written())
    folder = store.folder(run_id)
    title = experiment.title(dataset)
    run = Run.create(folder, experiment, origin, title)
    if healthy and not (folder / START).exists():
        write_bytes(run.folder / START, healthy_path(parent.folder / "checkpoints", healthy).read_bytes())
    return store.submit(experiment.described(), run_id, f"{title} · fork")
