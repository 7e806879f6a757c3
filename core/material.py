"""Which rows of a data set one experiment learns from, and which it is looked at with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets.images import Images
from core.experiment import Experiment
from core.splits import probe_rows


@dataclass(frozen=True)
class Material:
    """Row numbers into `images`: training (T,) and probe (N,), disjoint; `protocol` says how they were split."""

    images: Images
    training_rows: np.ndarray
    evaluation_count: int
    probe_rows: np.ndarray
    protocol: str

    @property
    def training_counts(self) -> list[int]:
        """The number of training samples of each class that has any."""
        return np.unique(self.images.labels[self.training_rows], return_counts=True)[1].tolist()


def material_of(experiment: Experiment) -> Material:
    """Load, split and choose the probe; raises ValueError where the experiment does not fit its data or its own
    parts do not fit each other."""
    experiment.check()
    images = experiment.dataset.load()
    split = experiment.split.split(images.labels)
    training_classes = len(np.unique(images.labels[split.training_rows]))
    experiment.sampler.check(training_classes, len(split.training_rows))
    schedule = experiment.schedule
    probe = probe_rows(images.labels, split.evaluation_rows, schedule.probe_points, schedule.seed)
    return Material(images, split.training_rows, len(split.evaluation_rows), probe, split.protocol)
