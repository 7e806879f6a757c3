"""Which rows of a data set one experiment learns from, and which it is looked at with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets.images import Images
from core.experiment.experiment import Experiment
from core.experiment.splits import Splitter, probe_rows


@dataclass(frozen=True)
class PreparedData:
    """Row numbers into `images`: training (T,), evaluation (E,) and of these the probe (N,), which a snapshot shows;
    `protocol` says how they were split."""

    images: Images
    training_rows: np.ndarray
    evaluation_rows: np.ndarray
    probe_rows: np.ndarray
    protocol: str

    @property
    def training_counts(self) -> list[int]:
        """The number of training samples of each class that has any."""
        return self._sizes(self.training_rows)[1].tolist()

    @property
    def evaluation_count(self) -> int:
        """How many held-out samples there are, of which the probe set is a part."""
        return len(self.evaluation_rows)

    @property
    def class_counts(self) -> dict[str, int]:
        """How many classes the evaluation rows have, and how many of them the probe shows."""
        evaluation, probe = (len(self._sizes(rows)[0]) for rows in (self.evaluation_rows, self.probe_rows))
        return {"evaluation_classes": evaluation, "probe_classes": probe}

    @property
    def left_out(self) -> str:
        """A sentence on the classes that the probe leaves out; empty where it shows all."""
        there, shown = self.class_counts.values()
        if shown == there:
            return ""
        needed = int(np.minimum(self._sizes(self.evaluation_rows)[1], 2).sum())
        return (
            f"The probe of {len(self.probe_rows):,} points shows two samples or more of {shown:,} of the {there:,} "
            f"held-out classes, drawn at random; {needed:,} points would show all."
        )

    def _sizes(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The classes among these rows, and how many each has."""
        return np.unique(self.images.labels[rows], return_counts=True)


def prepare(experiment: Experiment) -> PreparedData:
    """Load, split and choose the probe; raises ValueError where the experiment does not fit its data, its own parts do
    not fit each other, or what it would train could not be measured."""
    experiment.check()
    images = experiment.dataset.load()
    split = experiment.split.split(images.labels)
    training_classes = len(np.unique(images.labels[split.training_rows]))
    experiment.sampler.check(training_classes, len(split.training_rows))
    schedule = experiment.schedule
    probe = probe_rows(images.labels, split.evaluation_rows, schedule.probe_points, schedule.seed)
    _check_measurable(images.labels[probe], experiment.split)
    return PreparedData(images, split.training_rows, split.evaluation_rows, probe, split.protocol)


def _check_measurable(labels: np.ndarray, split: Splitter) -> None:
    """Numbers need two held-out samples of one class, and another class."""
    classes, sizes = np.unique(labels, return_counts=True)
    if len(classes) < 2 or sizes.max() < 2:
        got = "samples of one class only" if len(classes) < 2 else f"one sample of each of {len(classes):,} classes"
        raise ValueError(
            f"{split.name} must hold back two classes, and two samples of one of them, to measure anything, got {got}. "
            f"Raise evaluation_share (now {split.evaluation_share:g}), or bring more samples of each class."
        )
