"""Rules on margins, lengths and the distance that miner, loss and judgement share."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from core.experiment.experiment import Experiment
from core.linter.findings import Finding
from core.losses import MarginBased, NPair
from core.miners import All, BatchHard, DistanceWeighted, HardNegative, LiftedHardNegative

HARDEST = (BatchHard, HardNegative, LiftedHardNegative)
SMALL_MARGIN = 0.5
UNIT = {"encoder": {"normalise": True}}


def margin_out_of_reach(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A margin as long as the longest distance, or lost among those without a scale."""
    margin = getattr(experiment.loss, "margin", None)
    if margin is None or experiment.loss.compares != "distance":
        return None
    distance = experiment.distance
    reach = distance.largest(experiment.encoder.dimension) - distance.smallest
    has_scale = experiment.encoder.normalise or distance.ignores_length
    if has_scale and isfinite(reach) and margin >= reach:
        return Finding(
            "margin out of reach",
            f"Distances of embeddings of unit length differ by {reach:g} at most: a margin of {margin:g} is never "
            "reached.",
            f"Set the margin to {reach / 10:g}",
            {"loss": {"margin": reach / 10}},
        )
    if not has_scale and margin < SMALL_MARGIN:
        return Finding(
            "margin without a scale",
            f"Embeddings of any length may be dozens apart: a margin of {margin:g} then asks for next to nothing.",
            "Scale embeddings to unit length",
            UNIT,
        )
    return None


def two_margins(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A miner and a loss that ask for different margins."""
    own, wanted = getattr(experiment.miner, "margin", 0.0), getattr(experiment.loss, "margin", None)
    if experiment.loss.consumes is None or not own or wanted is None or own == wanted:
        return None
    return Finding(
        "two margins",
        f"The miner looks {own:g} beyond the positive, the loss {wanted:g}: it takes what the loss leaves alone, or "
        "leaves what the loss would use.",
        "Let the miner take the margin of the loss",
        {"miner": {"margin": 0.0}},
    )


def two_distances(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A miner that chooses by another distance than its loss learns from: losses of dot products take nothing mined."""
    loss, distance = experiment.loss, experiment.distance
    if loss.consumes is None or loss.compares != "cosine" or isinstance(experiment.miner, All):
        return None
    if distance.orders_as_cosine and (experiment.encoder.normalise or distance.ignores_length):
        return None
    return Finding(
        "two distances",
        f"The miner chooses by the {distance.name} distance, the loss learns from the cosine: what is hard for one is "
        "not for the other.",
        "Mine by the cosine",
        {"distance": {"kind": "cosine"}},
    )


def angles_judged_by_lengths(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """Embeddings trained by angle, of any length, judged by a distance that sees lengths."""
    if experiment.encoder.normalise or experiment.loss.compares != "cosine" or experiment.distance.ignores_length:
        return None
    return Finding(
        "trained by angle, judged by length",
        f"The loss looks at angles alone, but embeddings keep their length and are judged by the "
        f"{experiment.distance.name} distance.",
        "Scale embeddings to unit length",
        UNIT,
    )


def unit_length(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A loss or miner made for the unit sphere off it, or N-pair on it."""
    loss, is_unit = experiment.loss, experiment.encoder.normalise
    if is_unit and isinstance(loss, NPair):
        return Finding(
            "N-pair on the unit sphere",
            "Products of unit vectors lie between -1 and 1, so the cross-entropy cannot fall far; this loss keeps "
            "embeddings short by a penalty instead.",
            "Leave the length of embeddings free",
            {"encoder": {"normalise": False}},
        )
    needs = [part.name for part in (loss, experiment.miner) if isinstance(part, (MarginBased, DistanceWeighted))]
    if is_unit or not needs or loss.consumes is None:
        return None
    return Finding(
        "made for the unit sphere",
        f"{needs[0]} counts on distances from 0 to 2, as embeddings of unit length have them.",
        "Scale embeddings to unit length",
        UNIT,
    )


def upper_cut(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """A distance-weighted miner that draws further than the loss pushes, or less far."""
    loss, miner = experiment.loss, experiment.miner
    if not isinstance(loss, MarginBased) or not isinstance(miner, DistanceWeighted):
        return None
    furthest = round(min(loss.margin + loss.boundary, 2.0), 6)
    if abs(miner.upper - furthest) < 1e-6:
        return None
    return Finding(
        "the miner's upper cut",
        f"The loss pushes negatives up to {furthest:g} (margin + boundary), the miner draws up to {miner.upper:g}.",
        f"Cut at {furthest:g}",
        {"miner": {"upper": furthest}},
    )


def squared_and_hardest(experiment: Experiment, class_counts: Sequence[int]) -> Finding | None:
    """The hardest negatives under squared distances, whose push fades near a point."""
    is_mined = experiment.loss.consumes is not None and isinstance(experiment.miner, HARDEST)
    if experiment.distance.name != "squared-euclidean" or not is_mined:
        return None
    return Finding(
        "squared distances and hardest negatives",
        "Squared, the push between two points fades with their distance: the nearest negatives get the weakest.",
        "Compare plain distances",
        {"distance": {"kind": "euclidean"}},
    )
