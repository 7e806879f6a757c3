"""How long a run trains, how fast it steps, and when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

from core.params import Declared, param


@dataclass(frozen=True)
class Schedule(Declared):
    """Adam for a number of epochs, and the snapshots taken on the way."""

    epochs: int = param(20, low=1, high=1000, unit="epochs", help="passes over the training samples")
    updates: int = param(
        0,
        low=0,
        high=10_000_000,
        unit="updates",
        help="where it is not 0, training ends after so many updates, however many epochs they are",
    )
    seconds: float = param(
        0.0,
        low=0.0,
        high=1_000_000.0,
        unit="s",
        help="where it is not 0, training ends after so many seconds of updates, which another machine uses otherwise",
    )
    learning_rate: float = param(0.001, main="learning rate", low=0.000001, high=10.0, help="step size of Adam")
    decay: str = param(
        "cosine", choices=("cosine", "none"), help="whether the step size falls to zero along half a cosine"
    )
    warm_up: float = param(
        0.0, low=0.0, high=100.0, unit="epochs", help="epochs over which the step size rises from zero"
    )
    weight_decay: float = param(0.0, low=0.0, high=1.0, help="pull of every weight towards zero")
    # Older than the augmentations, and of the schedule still, because the ids of runs say so.
    shift: int = param(
        0,
        low=0,
        high=4,
        unit="pixels",
        help="training images are moved by up to so much at random",
        shown_under="augmentation",
    )
    mirror: bool = param(
        False, help="mirror half of the training images, left for right, at random", shown_under="augmentation"
    )
    seed: int = param(0, low=0, high=2**31 - 1, help="start of every random choice: weights, batches, mining")
    drawn_apart: bool = param(
        False,
        help="what an update draws depends on the seed and on its number alone, so that trainings that are compared "
        "see the same batches, moved alike, whatever their miners and losses draw",
    )
    probe_points: int = param(
        2000,
        low=10,
        high=10000,
        unit="points",
        help="held-out samples in each snapshot, balanced over the classes",
    )
    snapshots_per_epoch: int = param(
        1, low=1, high=20, unit="snapshots", help="snapshots with every statistic in each epoch"
    )
    maps_per_epoch: int = param(1, low=1, high=50, unit="maps", help="pictures of the map in each epoch")
    snapshots: int = param(
        0,
        low=0,
        high=1000,
        unit="snapshots",
        help="where it is not 0, so many in all, each with its map, evenly over the updates that training ends after, "
        "or over its epochs, in place of those of each epoch; where only seconds end it those of each epoch stay",
    )

    def share_done(self, step: int, epochs: float, seconds: float) -> float:
        """Which share of the training is behind it after so many updates, epochs and seconds; 1 and more at its end.
        Of two limits the one that is nearer counts."""
        if not self._has_limit:
            return epochs / self.epochs
        limits = (step, self.updates), (seconds, self.seconds)
        return max(done / limit for done, limit in limits if limit)

    def is_over(self, step: int, epochs_ended: int, seconds: float) -> bool:
        """Whether training ends here: after its epochs, or where it has a limit in updates or seconds at that, in the
        middle of an epoch, too."""
        return self.share_done(step, float(epochs_ended), seconds) >= 1

    def epochs_in_all(self, epochs: float, share: float) -> int:
        """How many epochs it will have been, once `epochs` of them are this share of the training."""
        if not self._has_limit:
            return self.epochs
        return max(round(epochs / share), 1) if share else 1

    def rate_at(self, epoch: float, share: float | None = None) -> float:
        """The learning rate once `epoch` epochs are done, which are this share of the training, by default of the
        epochs; a warm-up starts at a hundredth, not at nothing."""
        risen = max(min(epoch / self.warm_up, 1.0), 0.01) if self.warm_up else 1.0
        share = epoch / self.epochs if share is None else share
        fallen = 1.0 if self.decay == "none" else (1 + cos(pi * min(share, 1.0))) / 2
        return self.learning_rate * risen * fallen

    def snapshot_steps(self, steps_per_epoch: int, epochs: int | None = None) -> set[int]:
        """The steps after which a snapshot is taken, up to the end of so many epochs, by default of all: 0, 1, 2, 4, 8
        ... in the first epoch, then evenly; or as many as there are to be in all, evenly, and 0."""
        if self._are_counted:
            last = self.updates or self.epochs * steps_per_epoch
            return {part * last // self.snapshots for part in range(self.snapshots + 1)}
        early = {0} | {2**power for power in range(20) if 2**power < steps_per_epoch}
        return early | self._evenly(self.snapshots_per_epoch, steps_per_epoch, epochs)

    def map_steps(self, steps_per_epoch: int, epochs: int | None = None) -> set[int]:
        """The steps after which the map is drawn, whether or not all statistics are taken."""
        if self._are_counted:
            return self.snapshot_steps(steps_per_epoch, epochs)
        evenly = self._evenly(self.maps_per_epoch, steps_per_epoch, epochs)
        return self.snapshot_steps(steps_per_epoch, epochs) | evenly

    @property
    def _has_limit(self) -> bool:
        return bool(self.updates or self.seconds)

    @property
    def _are_counted(self) -> bool:
        """Whether there are so many snapshots in all, which are known beforehand."""
        return bool(self.snapshots and (self.updates or not self.seconds))

    def _evenly(self, per_epoch: int, steps_per_epoch: int, epochs: int | None) -> set[int]:
        parts = (self.epochs if epochs is None else epochs) * per_epoch
        return {part * steps_per_epoch // per_epoch for part in range(1, parts + 1)}
