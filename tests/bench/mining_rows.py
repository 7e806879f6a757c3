"""Training with mining, whole updates of the same encoder on the same batches, beside pytorch-metric-learning."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import torch
from pytorch_metric_learning.losses import TripletMarginLoss
from pytorch_metric_learning.miners import TripletMarginMiner

from core.datasets.fashion_mnist import FashionMnist
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import prepare
from core.losses import Triplet
from core.miners import SemiHard
from core.samplers import PByK
from core.training.learner import Learner

MARGIN = 0.2
TIMES_FASTER = {512: 4, 1024: 10}
ROUNDS = {512: 7, 1024: 3}


def rows() -> list[dict[str, Any]]:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    return [_row(batch) for batch in TIMES_FASTER]


def _row(size: int) -> dict[str, Any]:
    """Ten classes, as many of each: images a second of whole updates, from the images' variation to Adam's step."""
    experiment = Experiment(
        dataset=FashionMnist(),
        loss=Triplet(margin=MARGIN),
        miner=SemiHard(),
        sampler=PByK(classes_per_batch=10, samples_per_class=size // 10),
    )
    material = prepare(experiment)
    ours, theirs = Learner(experiment, material, "cpu"), Learner(experiment, material, "cpu")
    batches = list(experiment.sampler.batches(ours.labels, torch.Generator().manual_seed(0)))
    sides = {"ours": _ours(ours), "peer": _peer(theirs)}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(ROUNDS[size] + 1):
        for name, update in sides.items():
            started = perf_counter()
            update(batches[turn % len(batches)])
            seconds[name].append(perf_counter() - started)
    images = 10 * (size // 10)
    speed = {name: images / median(times[1:]) for name, times in seconds.items()}
    ratio, bar = speed["ours"] / speed["peer"], TIMES_FASTER[size]
    return {
        "what": f"training with semi-hard mining, batch {size}",
        "ours": speed["ours"],
        "unit": "images/s",
        "peer": speed["peer"],
        "peer_name": "PML's miner and loss, same encoder",
        "ratio": ratio,
        "bar": f">= {bar}",
        "holds": ratio >= bar,
    }


def _ours(learner: Learner) -> Callable[[torch.Tensor], None]:
    def update(rows: torch.Tensor) -> None:
        learner.update(rows, step=1, epoch=0.0, rate=0.001)

    return update


def _peer(learner: Learner) -> Callable[[torch.Tensor], None]:
    """What a user of the library writes: embed, mine, evaluate, step."""
    miner, loss = TripletMarginMiner(MARGIN, "semihard"), TripletMarginLoss(MARGIN)

    def update(rows: torch.Tensor) -> None:
        labels = learner.labels[rows]
        embeddings = learner.experiment.encoder.embed(learner.encoder, learner.varied(learner.training_images[rows]))
        learner.optimiser.zero_grad()
        loss(embeddings, labels, miner(embeddings, labels)).backward()
        learner.optimiser.step()

    return update
