"""Which rows of a data set one experiment learns from, and which it is looked at with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.augmentations.base import Augmentation
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.encoders import ENCODERS
from core.experiment.experiment import Experiment
from core.experiment.splits import Splitter, probe_rows

SEEN, NEW = "seen in training", "never seen"


@dataclass(frozen=True)
class PreparedData:
    """Row numbers into `samples`: training (T,), evaluation (E,) and of these the probe (N,), which a snapshot shows;
    `protocol` says how they were split."""

    samples: Samples
    training_rows: np.ndarray
    evaluation_rows: np.ndarray
    probe_rows: np.ndarray
    protocol: str

    @property
    def images(self) -> Images:
        """The samples where they are images. Raises ValueError for vectors."""
        if not isinstance(self.samples, Images):
            raise ValueError(
                f"the samples must be images, got {type(self.samples).__name__.lower()}. Choose data that have pixels."
            )
        return self.samples

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
    def seen_before(self) -> dict[str, np.ndarray]:
        """Where some held-out identities are trained on and others are not, `seen`: which of both the identity of each
        point of the probe is (N,), in words; otherwise nothing."""
        labels = self.samples.labels
        seen = np.isin(labels[self.probe_rows], labels[self.training_rows])
        return {"seen": np.where(seen, SEEN, NEW)} if seen.any() and not seen.all() else {}

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
        return np.unique(self.samples.labels[rows], return_counts=True)


def prepare(experiment: Experiment) -> PreparedData:
    """Load, split and choose the probe; raises ValueError where the experiment does not fit its data, its own parts do
    not fit each other, or what it would train could not be measured."""
    experiment.check()
    samples = experiment.dataset.load()
    _check_kind(experiment, samples)
    experiment.encoder.check(_shape_of(samples), is_vector=isinstance(samples, Vectors))
    split = experiment.split.split(samples.labels, samples.known)
    training_classes = len(np.unique(samples.labels[split.training_rows]))
    experiment.sampler.check(training_classes, len(split.training_rows))
    schedule = experiment.schedule
    probe = probe_rows(samples.labels, split.evaluation_rows, schedule.probe_points, schedule.seed)
    _check_measurable(samples.labels[probe], experiment.split)
    return PreparedData(samples, split.training_rows, split.evaluation_rows, probe, split.protocol)


def _check_kind(experiment: Experiment, samples: Samples) -> None:
    """Vectors have no rows and columns: only some encoders take them, and nothing can be moved, mirrored or cropped."""
    if not isinstance(samples, Vectors):
        return
    encoder, schedule = experiment.encoder, experiment.schedule
    if not encoder.takes_vectors:
        takers = [name for name, kind in ENCODERS.items() if kind.takes_vectors]
        raise ValueError(
            f"encoder must take vectors for data that are vectors of {samples.dimension} numbers, got {encoder.name}, "
            f"which looks at pixels and their neighbours. Choose {' or '.join(takers)}."
        )
    if lack := lack_of_pixels(experiment.augmentation, samples):
        raise ValueError(lack)
    if schedule.shift or schedule.mirror:
        what = "shift" if schedule.shift else "mirror"
        raise ValueError(
            f"{what} must be {'0' if schedule.shift else 'false'} for vectors, which have no left and right, got "
            f"{schedule.shift or 'true'}. Set it back."
        )


def _shape_of(samples: Samples) -> tuple[int, int, int]:
    """(channels, H, W) of one sample as an encoder meets it: of a vector of D numbers (D, 1, 1)."""
    if isinstance(samples, Images):
        height, width = samples.pixels.shape[1:3]
        return samples.channels, height, width
    return samples.values.shape[1], 1, 1


def lack_of_pixels(augmentation: Augmentation, samples: Samples) -> str:
    """Why an augmentation cannot change these samples; empty where it can, or changes nothing."""
    if not augmentation.changes or not isinstance(samples, Vectors):
        return ""
    return (
        f"augmentation must be untouched for vectors, which have no rows and columns, got {augmentation.name}. Set it "
        "back."
    )


def _check_measurable(labels: np.ndarray, split: Splitter) -> None:
    """Numbers need two held-out samples of one class, and another class."""
    classes, sizes = np.unique(labels, return_counts=True)
    if len(classes) < 2 or sizes.max() < 2:
        got = "samples of one class only" if len(classes) < 2 else f"one sample of each of {len(classes):,} classes"
        raise ValueError(
            f"{split.name} must hold back two classes, and two samples of one of them, to measure anything, got {got}. "
            f"Raise evaluation_share (now {split.evaluation_share:g}), or bring more samples of each class."
        )
