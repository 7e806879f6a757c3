"""Forks: runs that start from another run's checkpoint with something changed.

A fork keeps a copy of the checkpoint in its own folder, so it can be trained, and trained again, when the run that it
comes from is gone. It takes the weights, and of what the loss has learned the tensors of the same name and shape;
optimiser, learning rate and batches begin anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from core.comparison.plan import Member, Plan
from core.experiment.experiment import Experiment
from core.records.run_record import Origin
from core.runs.checkpoints import (
    checkpoint_bytes,
    checkpoint_digest,
    healthy_path,
    kept_steps,
    last_healthy,
    read_checkpoint,
)
from core.runs.run_folder import Run
from core.runs.run_row import Row
from core.runs.store import Store
from core.system.atomic_files import write_bytes
from core.training.state import TrainingState

START = Path("checkpoints") / "start.pt"
NEAR = 0.005  # epochs, as an epoch is written


class Start(NamedTuple):
    """A checkpoint that forks start from: which it is, and its bytes."""

    origin: Origin
    content: bytes


def fork(store: Store, parent: Run, changes: Mapping[str, Mapping[str, Any]], cure: str, dataset: str = "") -> Row:
    """Ask for a run that starts from the last healthy checkpoint of `parent`, with `changes` by family.

    Where the parent was never healthy after its start, the fork begins with the same initial weights as the parent did:
    those of its seed. The same fork asked for twice is one run. `cure` says in words what was changed,
    `dataset` what whoever asks calls the data.
    """
    experiment = parent.experiment().changed(changes)
    _check_encoder(parent.experiment(), experiment)
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
    content = healthy_path(parent.folder / "checkpoints", healthy).read_bytes() if healthy else b""
    title = experiment.title(dataset)
    run_id = _laid(store, Start(origin, content), experiment, title)
    return store.submit(experiment.described(), run_id, f"{title} · fork")


def moments(parent: Run) -> dict[int, float]:
    """The updates after which the weights of a run are kept, and how many epochs each was, oldest first."""
    steps = parent.steps()
    kept = kept_steps(parent.folder / "checkpoints")
    return {step: float(steps[step - 1].epoch) for step in kept if 0 < step <= len(steps)}


def start_from(parent: Run, epoch: float | None = None) -> Start:
    """The checkpoint of `parent` after so many epochs, by default the last one. Raises ValueError where none is kept,
    or not as it was written."""
    record, kept = parent.record(), moments(parent)
    if not kept:
        raise ValueError(
            f"a run to fork must keep a checkpoint, got {record.title}, which keeps none. Train it for an epoch first."
        )
    near = [step for step, at in kept.items() if epoch is None or abs(at - epoch) <= NEAR]
    if not near:
        there = ", ".join(f"{at:.4g}" for at in kept.values())
        raise ValueError(f"a fork must start where weights are kept, after epoch {there}, got {epoch:g}. Choose one.")
    step, folder = near[-1], parent.folder / "checkpoints"
    content = checkpoint_bytes(folder, step)
    if content is None:
        raise ValueError(
            f"the checkpoint of {record.title} after epoch {kept[step]:.4g} must be as it was written, got another "
            "file or none. Choose another epoch, or train the run again."
        )
    digest = checkpoint_digest(folder, step)
    return Start(Origin(record.id, record.title, "", step, kept[step], digest), content)


def forked(plan: Plan, parent: Run, start: Start) -> Plan:
    """The plan with all of its trainings going on from a checkpoint of `parent`. Raises ValueError where a strategy
    cannot take the weights, or would be judged by samples that these were trained on."""
    own = parent.experiment()
    for strategy in plan.strategies:
        experiment = strategy.experiment
        _check_encoder(own, experiment)
        if (own.dataset, own.split) != (experiment.dataset, experiment.split):
            raise ValueError(
                f"a fork must keep data and split of {start.origin.title}, so that its held-out samples are new to the "
                f"weights, got others for {strategy.name}. Leave both as they are."
            )
    return replace(plan, origin=start.origin)


def lay_weights(store: Store, start: Start, members: Sequence[Member]) -> None:
    """Have the weights in the folders of trainings that go on from a checkpoint, before these are asked for."""
    for member in members:
        _laid(store, start, member.experiment, f"{member.strategy} · seed {member.seed}")


def submit_from(store: Store, start: Start, experiment: Experiment, title: str) -> Row:
    """Ask for the run of a strategy that goes on from a checkpoint, as a member of a comparison; the same twice is one
    run."""
    return store.submit(experiment.described(), _laid(store, start, experiment, title), title, is_member=True)


def started_from(run: Run) -> TrainingState | None:
    """The checkpoint that a fork begins with; None for a run that begins with weights of its own. Raises ValueError
    where it is gone or damaged."""
    origin = run.record().fork
    if origin is None or not origin.sha256:
        return None
    content = _weights_in(run)
    if hashlib.sha256(content).hexdigest() != origin.sha256:
        got = "another file" if content else "no file"
        raise ValueError(
            f"a fork must have the checkpoint that it starts from, that of {origin.title} after epoch "
            f"{origin.epoch:.4g}, got {got} at {START}. Fork that run again."
        )
    return read_checkpoint(content)


def _laid(store: Store, start: Start, experiment: Experiment, title: str) -> str:
    """The id of the run, whose folder has the weights before the engine can know of it."""
    run_id = experiment.run_id(start.origin.written())
    run = Run.create(store.folder(run_id), experiment, start.origin, title)
    if start.content and hashlib.sha256(_weights_in(run)).hexdigest() != start.origin.sha256:
        write_bytes(run.folder / START, start.content)
    return run_id


def _weights_in(run: Run) -> bytes:
    """Those that it has to start from, as they are there; nothing where none are."""
    path = run.folder / START
    return path.read_bytes() if path.exists() else b""


def _check_encoder(parent: Experiment, experiment: Experiment) -> None:
    own_encoder, encoder = parent.encoder, experiment.encoder
    if (own_encoder.name, own_encoder.dimension) != (encoder.name, encoder.dimension):
        raise ValueError(
            f"a fork must keep the encoder whose weights it starts from, {own_encoder.name} of "
            f"{own_encoder.dimension} dimensions, got {encoder.name} of {encoder.dimension}. Start a new run for that."
        )
