"""What one training reaches, in a process of its own: without a look in between, measured at its end."""

from __future__ import annotations

import torch

from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.statistics.baselines import baselines
from core.statistics.summary import summarise
from core.training.loop import Snapshot, train


def reached(experiment: Experiment) -> dict[str, dict[str, float]]:
    """The numbers of the last embeddings of the held-out probe, and of what costs no training on the same samples."""
    torch.set_num_threads(1)
    material = prepare(experiment)
    looks = [record for record in train(experiment, material) if isinstance(record, Snapshot)]
    labels, pixels = material.images.labels[material.probe_rows], material.images.pixels
    numbers = summarise(looks[-1].embeddings, labels, margin=experiment.loss.hardness_margin).numbers
    trained = {key: float(numbers[key]) for key in ("recall_at_1", "map_at_r", "auc")}
    beside = baselines(
        pixels[material.probe_rows],
        labels,
        pixels[material.training_rows],
        experiment.encoder.dimension,
        looks[0].embeddings,
    )
    return {"trained": trained, **beside}
