"""Rules on settings under which no term is ever above 0: the loss stays at 0.0 and nothing is trained."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from core.experiment.experiment import Experiment
from core.linter.findings import Finding
from core.losses import Angular, Center, Contrastive, GeneralisedLifted, RankedList, Triplet, TripletCenter
from core.losses.base import Loss
from core.miners import SemiHard
from core.params import params_of

# What each dialect of semi-hard mining takes: only negatives in the band, or any beyond the positive and none else.
IN_BAND = ("all in band", "FaceNet", "siamese-triplet", "Quaterion")
BEYOND = ("all in band", "FaceNet", "siamese-triplet", "PML easy-hard")
ONE_OF_EACH = "PML easy-hard"  # of an anchor one positive and one negative beyond it
# The weights of the parts that a loss is the sum of.
WEIGHTS: dict[type[Loss], tuple[str, ...]] = {
    Angular: ("angular_weight", "n_pair_weight"),
    Center: ("softmax_weight", "centre_weight"),
    TripletCenter: ("softmax_weight", "centre_weight"),
}


def empty_band(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Semi-hard mining with a margin of 0, which takes nothing."""
    loss, miner = experiment.loss, experiment.miner
    if loss.consumes is None or not isinstance(miner, SemiHard) or miner.dialect not in IN_BAND:
        return None
    if miner.margin or loss.hardness_margin:
        return None
    return Finding(
        "an empty band",
        "Semi-hard negatives lie up to the margin beyond the positive, and the margin is 0: none is ever taken, the "
        "loss stays at 0 and nothing is trained.",
        f"Set the margin to {_default(loss, 'margin'):g}",
        {"loss": {"margin": _default(loss, "margin")}},
    )


def no_gap_beyond(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Negatives beyond the positive alone, for a loss that asks for no more than that."""
    loss, miner = experiment.loss, experiment.miner
    if not isinstance(miner, SemiHard) or loss.hardness_margin or (not miner.margin and miner.dialect in IN_BAND):
        return None  # or the band is empty anyway
    is_hinge = isinstance(loss, Triplet) and loss.shape == "hinge" and miner.dialect in BEYOND
    # A soft extreme of one pair is that pair.
    if not is_hinge and not (isinstance(loss, GeneralisedLifted) and miner.dialect == ONE_OF_EACH):
        return None
    return Finding(
        "no gap to ask for",
        "With a margin of 0 the loss asks only that the negative is further than the positive, and the miner takes "
        "only such negatives: every term is 0 and nothing is trained.",
        f"Set the margin to {_default(loss, 'margin'):g}",
        {"loss": {"margin": _default(loss, "margin")}},
    )


def no_weight(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A loss of two parts whose weights are both 0."""
    loss = experiment.loss
    weights = WEIGHTS.get(type(loss), ())
    if not weights or any(getattr(loss, name) for name in weights):
        return None
    names, value = " and ".join(name.replace("_", " ") for name in weights), _default(loss, weights[0])
    return Finding(
        "no part has a weight",
        f"{loss.name} is the sum of two parts, and {names} are both 0: the loss is 0 and nothing is trained.",
        f"Set the {weights[0].replace('_', ' ')} to {value:g}",
        {"loss": {weights[0]: value}},
    )


def no_pull(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Positives that are left alone as far apart as two embeddings can be."""
    loss, furthest = experiment.loss, _furthest(experiment)
    if isinstance(loss, Contrastive):
        left_alone, changes = loss.positive_margin, {"positive_margin": 0.0}
    elif isinstance(loss, RankedList):
        left_alone, changes = loss.boundary - loss.margin, {"boundary": 0.6 * furthest, "margin": 0.2 * furthest}
    else:
        return None
    if left_alone < furthest:
        return None
    has_push = not isinstance(loss, RankedList) or loss.balance
    return Finding(
        "positives out of reach",
        f"Pairs of one class are left alone up to a distance of {left_alone:g}, and no two embeddings are further than "
        f"{furthest:g} apart: nothing pulls a class together{'' if has_push else ', and nothing pushes either'}.",
        "Pull from within reach",
        {"loss": changes},
    )


def _furthest(experiment: Experiment) -> float:
    """How far apart two embeddings can be; infinite where they have no scale."""
    has_scale = experiment.encoder.normalise or experiment.distance.ignores_length
    return experiment.distance.largest(experiment.encoder.dimension) if has_scale else inf


def _default(loss: Loss, name: str) -> float:
    return next(declared.default for declared in params_of(loss) if declared.name == name)
