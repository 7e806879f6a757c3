"""Small experiments on real digits that train in a blink, and the comparison of two trainings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch

from core.augmentations import CropsAndColour
from core.distances import SquaredEuclidean
from core.encoders import Backbone, CompactCnn, Mlp
from core.encoders.backbone import EVERYTHING, RANDOM
from core.experiment.experiment import Experiment
from core.experiment.prepared_data import PreparedData, prepare
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample
from core.losses import Contrastive, Softmax, Triplet
from core.miners import All, BatchHard
from core.samplers import HardClasses, PByK, Shuffled
from core.training.learner import Step
from core.training.loop import Checkpoint, Snapshot

# 90 training samples: 5 batches of 20, and 60 held-out samples to look at. Two dimensions need no UMAP.
SMALL = Experiment(
    split=BySample(evaluation_share=0.95),
    encoder=Mlp(width=16, dimension=2),
    sampler=PByK(classes_per_batch=5, samples_per_class=4),
    schedule=Schedule(epochs=3, probe_points=60),
)
NETWORK = Backbone(dimension=2, network="mobilenet_v3_small", weights=RANDOM, side=64)
TRAININGS: dict[str, Experiment] = {
    "semi-hard": SMALL,
    "batch-hard, moved and mirrored": replace(
        SMALL, miner=BatchHard(), schedule=replace(SMALL.schedule, shift=1, mirror=True)
    ),
    "squared, shuffled": replace(
        SMALL, distance=SquaredEuclidean(), loss=Triplet(mean_over="all"), sampler=Shuffled(batch_size=25)
    ),
    "pairs, moved": replace(SMALL, loss=Contrastive(), miner=All(), schedule=replace(SMALL.schedule, shift=2)),
    "softmax, batch normalisation": replace(
        SMALL, loss=Softmax(scale=8.0), encoder=CompactCnn(dimension=2), sampler=Shuffled(batch_size=40)
    ),
    "crops": replace(SMALL, augmentation=CropsAndColour()),
    "head on a frozen network": replace(SMALL, encoder=NETWORK),
    "a whole network": replace(SMALL, encoder=replace(NETWORK, trained=EVERYTHING)),
    "hard classes": replace(SMALL, sampler=HardClasses(classes_per_batch=4, samples_per_class=5)),
}


def material(experiment: Experiment = SMALL) -> PreparedData:
    return prepare(experiment)


def plain(record: Any) -> Any:
    """A record without its times, as values that `==` compares to the last bit."""
    if isinstance(record, Checkpoint):
        position = {name: value for name, value in record.state["position"].items() if name != "seconds"}
        return record.step, record.epoch, record.finished, plain(record.state["learner"]), plain(position)
    if isinstance(record, (Step, Snapshot)):
        return {field.name: plain(getattr(record, field.name)) for field in fields(record) if field.name != "seconds"}
    if isinstance(record, dict):
        return {key: plain(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [plain(value) for value in record]
    if isinstance(record, (torch.Tensor, np.ndarray)):
        array = np.ascontiguousarray(record)
        return array.dtype.str, array.shape, array.tobytes()
    return record


def steps(records: Iterable[Any]) -> list[Step]:
    return [record for record in records if isinstance(record, Step)]


def snapshots(records: Iterable[Any]) -> list[Snapshot]:
    return [record for record in records if isinstance(record, Snapshot)]


def checkpoints(records: Iterable[Any]) -> list[Checkpoint]:
    return [record for record in records if isinstance(record, Checkpoint)]
