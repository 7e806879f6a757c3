"""Vectors as somebody might bring them, kept in a store, and small heads that train on them in a blink."""

from __future__ import annotations

import numpy as np

from core.admission.findings import findings
from core.datasets.admitted import DataCard, write_admitted
from core.datasets.brought import Brought
from core.datasets.images import Images
from core.datasets.samples import Samples
from core.datasets.vectors import Vectors
from core.encoders import Linear
from core.experiment.experiment import Experiment
from core.experiment.schedule import Schedule
from core.experiment.splits import ByIdentity
from core.losses import MultiSimilarity
from core.miners import All
from core.samplers import PByK

CLASSES, EACH, NUMBERS = 16, 8, 12


def vectors(seed: int = 0, *, named: bool = True) -> Vectors:
    """Identities that differ along half of the numbers, beside large differences along the other half that say
    nothing."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(CLASSES), EACH)
    centres = np.hstack([rng.normal(size=(CLASSES, NUMBERS // 2)), np.zeros((CLASSES, NUMBERS // 2))])
    spread = np.repeat([0.5, 2.0], NUMBERS // 2)
    values = (3.0 + centres[labels] + spread * rng.normal(size=(len(labels), NUMBERS))).astype(np.float32)
    names = np.array([f"file {row}" for row in range(len(labels))]) if named else None
    return Vectors(values, labels, tuple(f"person {label}" for label in range(CLASSES)), names=names)


def brought(samples: Samples, title: str = "voices.npz") -> Brought:
    """The samples in the store of the environment."""
    card = DataCard(
        id=samples.digest[:32],
        kind="vectors" if isinstance(samples, Vectors) else "images",
        title=title,
        created="2026-11-30T00:00:00+00:00",
        count=samples.count,
        class_names=samples.class_names,
        group_names=samples.group_names,
        session_names=samples.session_names,
        preparation=_rule(samples) if isinstance(samples, Images) else {},
        found=findings(samples) | {"unreadable": {}, "aside": {}},
    )
    write_admitted(samples, card)
    return Brought(card.id)


def _rule(images: Images) -> dict[str, int | str]:
    """As a card has it."""
    height, width = images.pixels.shape[1:3]
    return {"height": height, "width": width, "channels": images.channels, "fit": "stretch", "filter": "bilinear"}


def head(dataset: Brought, **schedule: float) -> Experiment:
    """One matrix on half of the identities."""
    return Experiment(
        dataset=dataset,
        split=ByIdentity(evaluation_share=0.5),
        encoder=Linear(dimension=16),
        loss=MultiSimilarity(),
        miner=All(),
        sampler=PByK(classes_per_batch=8, samples_per_class=4),
        schedule=Schedule(**{"epochs": 3, **schedule}),  # type: ignore[arg-type]
    )
