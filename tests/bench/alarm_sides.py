"""One whole training looked at by the collapse alarm alone."""

from __future__ import annotations

from typing import Any

import torch

from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.jobs.train_run import RECENT_STEPS
from core.statistics.spectrum import spectrum
from core.training.collapse import diagnose
from core.training.learner import Step
from core.training.loop import Snapshot, train


def alarms(experiment: Experiment) -> tuple[int, int]:
    """How many measured snapshots of a whole training ring the alarm, and how many there are."""
    torch.set_num_threads(1)
    material = prepare(experiment)
    labels = material.images.labels[material.probe_rows]
    first: dict[str, Any] = {}
    losses: list[float] = []
    rung = snapshots = 0
    for record in train(experiment, material):
        if isinstance(record, Step):
            losses = [*losses[1 - RECENT_STEPS :], record.loss]
        elif isinstance(record, Snapshot) and record.measured:
            numbers = spectrum(record.embeddings, labels)
            first = first or numbers
            recent = sum(losses) / len(losses) if losses else None
            rung += diagnose(numbers, first, len(material.images.class_names), experiment, recent) is not None
            snapshots += 1
    return rung, snapshots
