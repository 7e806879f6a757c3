"""The choice of a goal by a loop over all thresholds and over single pairs, ties included."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.statistics.pair_distances import PairDistances
from core.statistics.roc import Verdict, at, exact_curve
from core.verification.goals import Goal
from core.verification.protocols import Folds

SEEDS = range(4)


class Counts(NamedTuple):
    """Of the pairs that a threshold accepts, and of all."""

    true_accepts: int
    false_accepts: int
    genuine: int
    impostors: int

    @property
    def far(self) -> float:
        return self.false_accepts / self.impostors

    @property
    def frr(self) -> float:
        return 1 - self.true_accepts / self.genuine


def drawn_pairs(seed: int) -> PairDistances:
    """200 positive and 700 negative pairs at few places: each holds many, of both kinds."""
    generator = np.random.default_rng(seed)
    kinds = (generator.normal(middle, 0.25, count).round(1) for middle, count in ((0.7, 200), (1.2, 700)))
    pairs = PairDistances(*(np.sort(kind) for kind in kinds))
    assert len(np.intersect1d(pairs.positive, pairs.negative)) > 3, "there must be ties between the kinds"
    return pairs


def best_threshold(pairs: PairDistances, merit: Callable[[Counts], float], *, largest: bool = False) -> float:
    """Of the distances that occur the one with the highest merit, to 12 digits; the smallest of equals unless told."""

    def of(threshold: float) -> tuple[float, float]:
        true_accepts = sum(distance <= threshold for distance in pairs.positive)
        false_accepts = sum(distance <= threshold for distance in pairs.negative)
        counts = Counts(true_accepts, false_accepts, len(pairs.positive), len(pairs.negative))
        return round(float(merit(counts)), 12), threshold if largest else -threshold

    return max(exact_curve(pairs).thresholds.tolist(), key=of)


def refusing_is_best() -> PairDistances:
    """Seven pairs, the closest two of them impostors: 4 of 7 are right when nobody is accepted, 3 of 7 at most else."""
    return PairDistances(np.array([0.3, 0.5, 0.9]), np.array([0.1, 0.2, 0.4, 0.8]))


def fold_verdicts(folds: Folds, goal: Goal) -> list[Verdict]:
    """What each fold's pairs say to the threshold that the others have chosen."""
    sides = zip(folds.choosing, folds.reporting, strict=True)
    return [at(reported, goal.threshold(chosen)) for chosen, reported in sides]
