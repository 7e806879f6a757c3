"""Rules on what a loss needs beside its formula: a partner, patience, a rate of its own."""

from __future__ import annotations

from collections.abc import Sequence

from core.experiment.experiment import Experiment
from core.linter.findings import Finding
from core.linter.of_distances import HARDEST
from core.losses import ASoftmax, Center
from core.params import params_of

LARGEST_HARD_RATE = 0.003


def centre_loss_alone(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Centre loss without softmax, which one point answers best."""
    if not isinstance(experiment.loss, Center) or experiment.loss.softmax_weight > 0:
        return None
    return Finding(
        "centre loss alone",
        "The centre loss only pulls: alone, its best answer is one point for all images, at a loss of 0.",
        "Add the softmax",
        {"loss": {"softmax_weight": 1.0}},
    )


def no_annealing(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """The whole angular margin from the first step on."""
    loss = experiment.loss
    if not isinstance(loss, ASoftmax) or loss.multiple == 1 or (loss.annealing_start and loss.annealing_floor):
        return None
    return Finding(
        "A-softmax without annealing",
        "The full angular margin rarely converges from the first step on; it is mixed in slowly, and never whole.",
        "Mix the margin in slowly",
        {"loss": {"annealing_start": 1000.0, "annealing_rate": 0.12, "annealing_floor": 5.0}},
    )


def activation(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """An activation on the embedding, which crowds it into one corner of the space."""
    if experiment.encoder.activation == "none":
        return None
    return Finding(
        "an activation on the embedding",
        f"After a {experiment.encoder.activation} no number of an embedding is negative: all of them crowd into one "
        "corner of the space, at most 90 degrees apart.",
        "Leave the last layer as it is",
        {"encoder": {"activation": "none"}},
    )


def own_rate(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Learned tensors that move more slowly than the encoder."""
    loss, rate = experiment.loss, experiment.schedule.learning_rate
    own = [declared.name for declared in params_of(loss) if getattr(loss, declared.name) in _slow(experiment)]
    own = [name for name in own if name.endswith("rate")]
    if not own:
        return None
    slow, faster = getattr(loss, own[0]), min(10 * rate, 1.0)
    return Finding(
        "learned tensors that stand still",
        f"{own[0].replace('_', ' ')} is {slow:g}, below the encoder's {rate:g}: a few numbers shared by all batches "
        "want larger steps of their own.",
        f"Set it to {faster:g}",
        {"loss": {own[0]: faster}},
    )


def hardest_at_full_speed(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """The hardest triplets at a high rate from the first step on, which often collapse."""
    schedule = experiment.schedule
    is_mined = experiment.loss.consumes is not None and isinstance(experiment.miner, HARDEST)
    if not is_mined or schedule.warm_up or schedule.learning_rate < LARGEST_HARD_RATE:
        return None
    return Finding(
        "hardest triplets at full speed",
        f"At a learning rate of {schedule.learning_rate:g} from the first step on, the hardest triplets often pull all "
        "embeddings into one point.",
        "Lower the rate and warm up",
        {"schedule": {"learning_rate": 0.001, "warm_up": 2.0}},
    )


def _slow(experiment: Experiment) -> set[float]:
    """The rates of learned tensors that move by their gradient, but more slowly than the encoder."""
    rates = experiment.loss.learning_rates().values()
    return {rate for rate in rates if 0 < rate < experiment.schedule.learning_rate}
