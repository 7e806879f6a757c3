"""The collapse alarm: whether the embeddings of a snapshot have lost what tells them apart, why, and what helps.

Three kinds. Total: all points have become one. Class: the points of every class have become one, so that nothing is
left to tell members of a class apart. Dimensional: the cloud has flattened into far fewer dimensions than classes need.
A loss that stands at its collapse constant is evidence and never the verdict: triplet losses start near theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log2, sqrt
from typing import Any

from core.experiment.experiment import Experiment
from core.lazy import torch
from core.losses.base import Batch
from core.miners.base import Candidates
from core.records.snapshot_record import Diagnosis

# A tenth of these shares is rarely seen even in poor trainings, and a collapsed one ends far below.
TOTAL_SHARE = 0.1  # of the spread of points all over the unit sphere, or of the untrained encoder's
CLASS_SHARE = 0.02  # of the whole spread
# Of the dimensions in which the classes can all be equally far apart. Many classes do well with fewer: a cube of d
# dimensions has 2^d corners, so log2 of their number is enough to give each a place of its own.
RANK_SHARE = 0.3
AT_CONSTANT = 0.02


EVERY_KIND = ("total", "class", "dimensional")


def _always(_: Experiment) -> bool:
    return True


@dataclass(frozen=True)
class Cure:
    """Something to change, as `Experiment.changed` takes it, why it helps, against which kinds of collapse, and which
    experiments it suits."""

    title: str
    why: str
    changes: Mapping[str, Mapping[str, Any]]
    against: tuple[str, ...] = EVERY_KIND
    suits: Callable[[Experiment], bool] = _always


# Beside smaller steps, which come first and depend on the learning rate; the likeliest first.
CURES = (
    Cure(
        "Warm up over two epochs",
        "Small first steps let the classes part before the hardest triplets are asked for.",
        {"schedule": {"warm_up": 2.0}},
        against=("total",),
    ),
    Cure(
        "Unit length",
        "On the unit sphere the embeddings cannot shrink towards a point to make the loss small.",
        {"encoder": {"normalise": True}},
        against=("total",),
    ),
    Cure(
        "Plain instead of squared distances",
        "The push between two points fades with their distance when it is squared, and is gone at a point.",
        {"distance": {"kind": "euclidean"}},
        against=("total", "class"),
    ),
    Cure(
        "Semi-hard triplets",
        "The hardest negatives point in noisy directions; semi-hard ones still pull and push apart.",
        {"miner": {"kind": "semi-hard"}},
        suits=lambda experiment: experiment.loss.consumes is not None,
    ),
    Cure(
        "Two classes by two samples",
        "In a small batch the hardest triplet is not so hard: the cure that batch-hard's authors name.",
        {"sampler": {"classes_per_batch": 2, "samples_per_class": 2}},
        against=("total",),
        suits=lambda experiment: experiment.sampler.name == "p-by-k",
    ),
    Cure(
        "Softmax first",
        "Classification cannot collapse: classes are told apart first, and distances are learned from there.",
        {"loss": {"kind": "softmax"}},
    ),
)


def diagnose(
    numbers: Mapping[str, float],
    first: Mapping[str, float],
    class_count: int,
    experiment: Experiment,
    recent_loss: float | None = None,
) -> Diagnosis | None:
    """The verdict on a snapshot's numbers beside those of the `first`, untrained one; None where all is well.

    `recent_loss` is the mean loss of the last updates; where it stands at the loss's collapse constant, the evidence
    says so.
    """
    whole = sqrt(2) if experiment.encoder.normalise else first["spread"]
    share = numbers["spread"] / whole if whole else 0.0
    if share < TOTAL_SHARE:
        sentence = f"Total collapse: all embeddings have nearly become one point ({_percent(share)} of the spread)."
        evidence = [f"two samples are {numbers['spread']:.2g} apart on average, where {whole:.2g} would be usual"]
        constant = collapse_constant(experiment)
        if recent_loss is not None and constant and abs(recent_loss - constant) < AT_CONSTANT * constant:
            evidence.append(f"the loss stands at {recent_loss:.4g}: its value when all embeddings are equal")
        return Diagnosis("total", sentence, tuple(evidence))
    within = numbers["spread_within"] / numbers["spread"]
    if within < CLASS_SHARE:
        sentence = f"Class collapse: each class has nearly become one point ({_percent(within)} of the spread)."
        apart = f"two samples of one class are {numbers['spread_within']:.2g} apart, any two {numbers['spread']:.2g}"
        return Diagnosis("class", sentence, (apart,))
    needed = min(experiment.encoder.dimension, class_count - 1)
    rank = numbers["effective_rank"]
    fewest = min(RANK_SHARE * needed, log2(class_count))
    if needed > 2 and rank < fewest and rank < first["effective_rank"] / 2:
        sentence = f"Dimensional collapse: the embeddings fill {rank:.1f} of {experiment.encoder.dimension} dimensions."
        evidence = (
            f"{class_count:,} classes want {fewest:.1f} or more; the untrained encoder filled "
            f"{first['effective_rank']:.1f}",
        )
        return Diagnosis("dimensional", sentence, evidence)
    return None


def collapse_constant(experiment: Experiment, classes: int = 8, per_class: int = 4) -> float:
    """The value of the experiment's loss on a batch of equal embeddings, computed by the loss itself."""
    labels = torch.arange(classes).repeat_interleave(per_class)
    embeddings = torch.zeros(len(labels), experiment.encoder.dimension)
    if experiment.encoder.normalise:
        embeddings[:, 0] = 1.0
    distances = experiment.distance.matrix(embeddings)
    loss, generator = experiment.loss, torch.Generator().manual_seed(0)
    learned = loss.learned(classes, experiment.encoder.dimension, generator)
    batch = Batch(embeddings, labels, distances, learned, generator)
    taken = experiment.miner(Candidates(distances, labels, loss.hardness_margin, embeddings.shape[1], generator))
    terms = loss(batch, loss.as_consumed(taken, distances, labels))
    return float(terms.total) / max(terms.count, 1)


def cures(kind: str, experiment: Experiment) -> list[Cure]:
    """What may help against this kind of collapse, the likeliest first; only what would change something."""
    offered = [cure for cure in (_smaller_steps(experiment), *CURES) if kind in cure.against and cure.suits(experiment)]
    return [cure for cure in offered if experiment.changed(cure.changes) != experiment]


def _smaller_steps(experiment: Experiment) -> Cure:
    rate = experiment.schedule.learning_rate
    slower = min(rate / 10, 0.001)
    return Cure(
        f"Learning rate {slower:g} instead of {rate:g}",
        "Steps that are too large throw all embeddings to one side, and the hardest triplets keep them there.",
        {"schedule": {"learning_rate": slower}},
        against=("total", "dimensional"),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"
