"""What an experiment is made of: one member of every family, and what each is where nothing is said."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.augmentations import Untouched
from core.augmentations.base import Augmentation
from core.datasets import Dataset, Digits
from core.distances import Euclidean
from core.distances.base import Distance
from core.encoders import CompactCnn
from core.encoders.base import Encoder
from core.experiment.schedule import Schedule
from core.experiment.splits import BySample, Splitter
from core.losses import Triplet
from core.losses.base import Loss
from core.miners import SemiHard
from core.miners.base import Miner
from core.samplers import PByK
from core.samplers.base import Sampler


@dataclass(frozen=True)
class Parts:
    """One member of every family."""

    dataset: Dataset = field(default_factory=Digits)
    split: Splitter = field(default_factory=BySample)
    augmentation: Augmentation = field(default_factory=Untouched)
    encoder: Encoder = field(default_factory=CompactCnn)
    sampler: Sampler = field(default_factory=PByK)
    distance: Distance = field(default_factory=Euclidean)
    miner: Miner = field(default_factory=SemiHard)
    loss: Loss = field(default_factory=Triplet)
    schedule: Schedule = field(default_factory=Schedule)
