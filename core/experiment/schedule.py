"""How long a run trains, how fast it steps, and when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi

from core.params import Declared, param


@dataclass(frozen=True)
class Schedule(Declared):
    """Adam for a number of epochs, and the snapshots taken on the way."""

    epochs: int = param(20, low=1, high=1000, unit="epochs", help="passes over the training samples")
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

    def rate_at(self, epoch: float) -> float:
        """The learning rate once `epoch` epochs are done; a warm-up starts at a hundredth, not at nothing."""
        risen = max(min(epoch / self.warm_up, 1.0), 0.01) if self.warm_up else 1.0
        fallen = 1.0 if self.decay == "none" else (1 + cos(pi * min(epoch / self.epochs, 1.0))) / 2
        return self.learning_rate * risen * fallen

    def snapshot_steps(self, steps_per_epoch: int) -> set[int]:
        """The steps after which a snapshot is taken: 0, 1, 2, 4, 8 ... in the first epoch, then evenly."""
        early = {0} | {2**power for power in range(20) if 2**power < steps_per_epoch}
        return early | self._evenly(self.snapshots_per_epoch, steps_per_epoch)

    def map_steps(self, steps_per_epoch: int) -> set[int]:
        """The steps after which the map is drawn, whether or not all statistics are taken."""
        return self.snapshot_steps(steps_per_epoch) | self._evenly(self.maps_per_epoch, steps_per_epoch)

    def _evenly(self, per_epoch: int, steps_per_epoch: int) -> set[int]:
        return {part * steps_per_epoch // per_epoch for part in range(1, self.epochs * per_epoch + 1)}
