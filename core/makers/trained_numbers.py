"""What one training reaches: the numbers of its last embeddings beside those that cost no training."""

from __future__ import annotations

from core.experiment.experiment import Experiment
from core.lazy import torch
from core.records.fields import JsonObject
from core.records.main_numbers import EER, QUALITY


def trained_numbers(experiment: Experiment) -> JsonObject:
    """Train on one thread without a look in between, and measure the held-out probe at the end and before it.

    `protocol`, `seconds` of training, the main numbers and the EER of the last embeddings, and the main numbers of each
    baseline (core/statistics/baselines.py).
    """
    from core.experiment.prepared_data import prepare
    from core.statistics.baselines import baselines
    from core.statistics.summary import summarise
    from core.training.loop import Snapshot, train

    torch.set_num_threads(1)
    data = prepare(experiment)
    looks = [record for record in train(experiment, data) if isinstance(record, Snapshot)]
    labels, pixels = data.samples.labels[data.probe_rows], data.images.pixels
    numbers = summarise(looks[-1].embeddings, labels, margin=experiment.loss.hardness_margin).numbers
    beside = baselines(
        pixels[data.probe_rows],
        labels,
        pixels[data.training_rows],
        experiment.encoder.dimension,
        looks[0].embeddings,
    )
    return {
        "protocol": data.protocol,
        "seconds": round(looks[-1].seconds, 1),
        **{number.key: round(float(number.of(numbers)), 4) for number in (*QUALITY, EER)},
        "baselines": {
            name: {number.key: round(number.of(row), 4) for number in QUALITY} for name, row in beside.items()
        },
    }
