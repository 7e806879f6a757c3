"""What of an experiment can be compared: whole families, and every parameter that is no part of the conditions."""

from __future__ import annotations

from collections.abc import Mapping

from core.experiment.experiment import FAMILIES, Experiment
from core.params import params_of

CONDITIONS = ("dataset", "split")  # the same for all strategies, whatever they are
OF_THE_PLAN = ("epochs", "updates", "seconds", "seed", "drawn_apart", "probe_points")  # of the schedule
LOOKS = ("snapshots_per_epoch", "maps_per_epoch", "snapshots")
USUAL: Mapping[str, tuple[str, ...]] = {
    "miner": ("random", "semi-hard", "batch-hard", "distance-weighted"),
    "sampler": ("p-by-k", "shuffled", "class-balanced", "hard-classes"),
    "loss": ("triplet", "contrastive", "margin-based", "multi-similarity"),
    "distance": ("euclidean", "squared-euclidean", "cosine"),
    "encoder": ("compact-cnn", "mlp", "linear"),
}
MARGIN = "loss.margin"


def members_of(family: str) -> list[str]:
    """The names of a family that can stand for a strategy; what somebody has brought has to be named in full."""
    return [name for name in FAMILIES[family] if not name.startswith("brought")]


def parameters_of(base: Experiment) -> list[str]:
    """Every parameter that can be compared, as "loss.margin": those of the method first, then those of its schedule."""
    families = [family for family in FAMILIES if family not in (*CONDITIONS, "schedule")]
    names = [f"{family}.{one.name}" for family in families for one in params_of(getattr(base, family))]
    fixed = (*OF_THE_PLAN, *LOOKS)
    return names + [f"schedule.{one.name}" for one in params_of(base.schedule) if one.name not in fixed]


def suggested(base: Experiment, parameter: str) -> list[str]:
    """Values to compare of a parameter, its own among them: of choices those next to it, of numbers half of it and
    twice as much within their bounds, and of 0 a small and a larger one."""
    family, _, name = parameter.partition(".")
    part = getattr(base, family)
    declared = next(one for one in params_of(part) if one.name == name)
    own = part.described()[name]
    if declared.choices:
        place = max(min(declared.choices.index(own) - 1, len(declared.choices) - 3), 0)
        return [str(choice) for choice in declared.choices[place : place + 3]]
    if isinstance(own, bool):
        return ["false", "true"]
    if isinstance(own, str):
        return [own]
    kind = type(declared.default)
    around = (own / 2, own, own * 2) if own else (0, 1, 2) if kind is int else (0, 0.01, 0.1)
    allowed = [kind(value) for value in around if declared.allows(kind(value))]
    return list(dict.fromkeys(str(value) if kind is int else f"{value:.6g}" for value in allowed))
