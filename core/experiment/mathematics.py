"""By which mathematics an experiment's results are made: a version that rises where a mend changes them.

What: each mend that changes results is one line of CHANGES, with the rule that says whose; the version of an
experiment is the number of the last line that concerns it, 1 where none does. It is part of a run's id and stands in
run.json, so a run of an earlier version opens, is marked as such, and is neither gone on with nor taken for one that is
asked for now.
Why by experiment: what no mend touches keeps its id, the recorded lessons among it.
Refused: one version for all, by which every mend would throw away every run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.batch.mined import Pairs
from core.experiment.parts import Parts
from core.experiment.splits import cuts_pairs
from core.miners import All, SoftWeighting

PRODUCTS_FROM = 128_000  # points x dimensions, from which on faiss finds neighbours by a matrix product


class ClassSizes(NamedTuple):
    """The number of samples of each class that has any, to learn from and to evaluate on, (C,) each."""

    training: np.ndarray
    evaluation: np.ndarray


class Change(NamedTuple):
    """A mend: the version that it begins, what it was that earlier results lack, and whose results it changes."""

    version: int
    earlier: str
    concerns: Callable[[Parts, ClassSizes], bool]


def _sees_other_pairs(experiment: Parts, sizes: ClassSizes) -> bool:
    takes_all = isinstance(experiment.miner, (All, SoftWeighting))
    return experiment.loss.consumes is Pairs and takes_all and experiment.sampler.can_isolate(sizes.training)


def _has_another_probe(experiment: Parts, sizes: ClassSizes) -> bool:
    return cuts_pairs(sizes.evaluation, experiment.schedule.probe_points)


def _has_another_graph(experiment: Parts, sizes: ClassSizes) -> bool:
    points = min(experiment.schedule.probe_points, int(sizes.evaluation.sum()))
    return points * experiment.encoder.dimension >= PRODUCTS_FROM


CHANGES = (
    Change(2, "its loss of pairs saw only pairs of samples that take part in triplets", _sees_other_pairs),
    Change(3, "its probe showed one sample of each of more classes", _has_another_probe),
    Change(4, "its map was drawn from distances to neighbours that were partly noise", _has_another_graph),
)


def mathematics_of(experiment: Parts) -> int:
    """The version that makes this experiment's results today."""
    return max((change.version for change in changes_of(experiment)), default=1)


def changes_of(experiment: Parts, since: int = 1) -> list[Change]:
    """The mends after version `since` that change this experiment's results; none where it does not fit its data."""
    labels = experiment.dataset.labels()
    try:
        sides = experiment.split.split_of(experiment.dataset)[:2]
    except ValueError:
        return []
    sizes = ClassSizes(*(np.unique(labels[rows], return_counts=True)[1] for rows in sides))
    return [change for change in CHANGES if change.version > since and change.concerns(experiment, sizes)]
