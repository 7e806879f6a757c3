"""Experiments worth one click, and those of which lessons are recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.datasets.brought import Brought
from core.datasets.faces import Faces
from core.datasets.fashion_mnist import FashionMnist
from core.datasets.images import Images
from core.datasets.pictograms import Pictograms
from core.datasets.strokes import Strokes
from core.encoders import CompactCnn, Linear, Mlp
from core.encoders.base import Encoder
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity, BySample
from core.losses import Contrastive, MultiSimilarity, Softmax, Triplet
from core.miners import All, BatchHard
from core.params import params_of
from core.samplers import PByK, Shuffled

UPDATES, FEWEST_EPOCHS, MOST_EPOCHS = 600, 5, 60  # of a first training on data that somebody brought
MOST_SHIFT = 3  # pixels
# A head on vectors begins near what they say; at Adam's usual rate it bends that to the identities of its training, and
# spoils vectors that are nearly perfect (tests/core/jobs/test_train_run.py has such a set).
HEAD_RATE = 0.00025
MOST_DIMENSIONS = 128  # of a head: statistics take as long as it has, and the directions that come first say most


@dataclass(frozen=True)
class Preset:
    """A named experiment and why one would look at it."""

    title: str
    why: str
    experiment: Experiment


DIGITS = Experiment()
FASHION = Experiment(
    dataset=FashionMnist(),
    split=BySample(evaluation_share=0.34),
    sampler=PByK(classes_per_batch=10, samples_per_class=16),
    schedule=Schedule(epochs=40, learning_rate=0.002, decay="none", shift=1, mirror=True, maps_per_epoch=5),
)

PICTOGRAMS = Experiment(
    dataset=Pictograms(),
    split=ByIdentity(),
    loss=MultiSimilarity(),
    miner=All(),
    sampler=PByK(classes_per_batch=32, samples_per_class=4),
    schedule=Schedule(epochs=80, learning_rate=0.002, shift=3, mirror=True),
)
FACES = Experiment(
    dataset=Faces(),
    split=ByIdentity(evaluation_share=0.5),
    loss=MultiSimilarity(),
    miner=All(),
    sampler=PByK(classes_per_batch=10, samples_per_class=5),
    schedule=Schedule(epochs=60, learning_rate=0.002, shift=3, mirror=True),
)

PRESETS: dict[str, Preset] = {
    "digits": Preset("Digits", "Ten handwritten digits, semi-hard triplets: the first thing to try.", DIGITS),
    "faces": Preset("Faces", "Photographs of people, judged on people never seen: verification.", FACES),
    "pictograms": Preset(
        "Pictograms",
        "Emoji by several artists, judged on emoji never seen: open-set, in colour.",
        PICTOGRAMS,
    ),
    "fashion": Preset(
        "Fashion", "Ten kinds of clothes, where raw pixels mislead: shirts, coats and pullovers.", FASHION
    ),
    "hardest": Preset(
        "Hardest only",
        "Digits with the hardest triplet per anchor: watch the share of hard triplets.",
        replace(DIGITS, miner=BatchHard()),
    ),
    "everything": Preset(
        "All triplets", "Digits with every triplet: most are soon too easy to teach.", replace(DIGITS, miner=All())
    ),
    "pairs": Preset(
        "Pairs", "Digits with the contrastive loss on all pairs.", replace(DIGITS, loss=Contrastive(), miner=All())
    ),
    "softmax": Preset(
        "Softmax",
        "Digits as plain classification: separable, but not asked to be compact.",
        replace(DIGITS, loss=Softmax(scale=16.0), sampler=Shuffled()),
    ),
    "flat": Preset(
        "Flatland",
        "Digits in two dimensions with a small network: the map is the embedding itself.",
        replace(DIGITS, encoder=Mlp(dimension=2, normalise=False), loss=Triplet(margin=1.0)),
    ),
    "strangers": Preset(
        "Strangers",
        "Learn on some invented signs, be judged on signs never seen: open-set, and synthetic.",
        Experiment(
            dataset=Strokes(),
            split=ByIdentity(),
            sampler=PByK(classes_per_batch=20, samples_per_class=4),
            schedule=Schedule(epochs=15, shift=1),
        ),
    ),
}


def suited_to(data: str) -> Experiment:
    """The first thing to try on an admitted set (core/datasets/admitted.py), judged by identities that training has not
    met: on images a compact network, on vectors a linear head, of their own dimension where that is at most
    MOST_DIMENSIONS, at HEAD_RATE. Long enough for about UPDATES updates. Raises ValueError where there is no such set,
    and where it has too few classes to hold some out."""
    dataset, split = Brought(data), ByIdentity()
    samples = dataset.load()
    rows = split.split(samples.labels).training_rows
    sampler = PByK(classes_per_batch=min(32, len(np.unique(samples.labels[rows]))), samples_per_class=4)
    epochs = round(UPDATES * sampler.classes_per_batch * sampler.samples_per_class / len(rows))
    schedule = Schedule(epochs=max(FEWEST_EPOCHS, min(epochs, MOST_EPOCHS)))
    encoder: Encoder = CompactCnn()
    if isinstance(samples, Images):
        side = min(samples.pixels.shape[1:3])
        schedule = replace(schedule, learning_rate=0.002, shift=min(MOST_SHIFT, side // 10))
    else:
        (dimensions,) = (declared.choices for declared in params_of(Linear) if declared.name == "dimension")
        numbers = min(samples.values[0].size, MOST_DIMENSIONS)
        encoder = Linear(dimension=next(one for one in dimensions if one >= numbers))
        schedule = replace(schedule, learning_rate=HEAD_RATE)
    return Experiment(
        dataset=dataset,
        split=split,
        encoder=encoder,
        loss=MultiSimilarity(),
        miner=All(),
        sampler=sampler,
        schedule=schedule,
    )


# What the pages show before anybody has trained: small embeddings, so that the files stay small. The hardest triplets
# collapse on clothes within an epoch.
RECORDINGS: dict[str, Experiment] = {
    name: replace(PRESETS[preset].experiment, encoder=CompactCnn(dimension=32))
    for name, preset in {
        "digits-semi-hard": "digits",
        "digits-batch-hard": "hardest",
        "digits-softmax": "softmax",
    }.items()
} | {
    "fashion-batch-hard": replace(
        FASHION,
        encoder=CompactCnn(dimension=32),
        miner=BatchHard(),
        schedule=replace(FASHION.schedule, epochs=8, maps_per_epoch=1),
    )
}
