"""How much better one strategy is than another, over seeds and identities at once: a difference with its interval.

Both strategies are trained from each of the same seeds and measured on the same samples, so they are compared within a
seed and within an identity. Another seed would have given another difference, and so would other people; what varies
from seed to seed and what varies from identity to identity is estimated from the same table, as for two crossed random
factors, and what both hold in common is counted once (Cameron, Gelbach and Miller 2011, "Robust inference with multiway
clustering"). The degrees of freedom are Satterthwaite's (1946), so that five seeds do not pass for many.

Where folds give each seed identities of its own, the same sums leave what varies from seed to seed alone, as they
should.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.evidence.intervals import CONFIDENCE, reach

BETTER, WORSE, OPEN = "better", "worse", "not distinguishable"


@dataclass(frozen=True)
class SeededDifference:
    """A difference with the ends of its interval, of which confidence, and over how many seeds and identities.

    Of one seed the interval tells nothing about other seeds, and of one identity there is none: no end then.
    """

    value: float
    low: float
    high: float
    confidence: float
    seeds: int
    identities: int

    @property
    def verdict(self) -> str:
        """BETTER, WORSE or OPEN, of a number that is better where it is larger."""
        return BETTER if self.low > 0 else WORSE if self.high < 0 else OPEN


class _Spread(NamedTuple):
    """A part of the variance of the difference, and its degrees of freedom."""

    variance: float
    freedom: float


def seeded_difference(
    values: np.ndarray, parts: np.ndarray, confidence: float = CONFIDENCE, present: np.ndarray | None = None
) -> SeededDifference:
    """The differences of a number at each of S seeds (S,), and by how much each identity moves each of them to first
    order (S, C), which sums to nothing in each seed -> their mean and its interval.

    `present` (S, C) says which identities a seed was measured on, by default all; parts of others are 0. Strategies
    that do the same in every seed differ by exactly 0, without a width. Raises ValueError for no seed and for what is
    not finite.
    """
    values, parts = np.asarray(values, np.float64), np.asarray(parts, np.float64)
    present = np.ones(parts.shape, np.bool_) if present is None else present
    _check(values, parts, present)
    of_seeds = _of_seeds(values)
    counts, each = (len(values), int(present.any(axis=0).sum())), float(present.sum(axis=1).mean())
    return _combined(float(values.mean()), (of_seeds, *_of_parts(parts, each)), counts, confidence)


def parts_of_mean(scores: np.ndarray, identities: np.ndarray, count: int) -> np.ndarray:
    """Scores of queries (Q,) and of whom they are (Q,), numbers below `count` -> by how much each identity moves their
    mean (count,)."""
    return np.bincount(identities, scores - scores.mean(), minlength=count) / len(scores)


def replicated_difference(
    values: np.ndarray, replicates: np.ndarray, identities: int, confidence: float = CONFIDENCE
) -> SeededDifference:
    """The same of a number that has no parts, a rate at a threshold that is chosen anew say: differences at each of S
    seeds (S,), and in R draws of the same identities with replacement, each draw the same in all seeds (S, R).

    Raises ValueError for no seed, fewer than two draws and for what is not finite.
    """
    values, replicates = np.asarray(values, np.float64), np.asarray(replicates, np.float64)
    _check(values, replicates, replicates)
    if replicates.shape[1] < 2:
        raise ValueError(f"there must be at least two draws, got {replicates.shape[1]}. Draw 200 say.")
    spreads = _of_seeds(values), *_of_replicates(replicates, identities)
    return _combined(float(values.mean()), spreads, (len(values), identities), confidence)


def difference_over_seeds(values: np.ndarray, confidence: float = CONFIDENCE) -> SeededDifference:
    """The same of a number of which nothing is known identity by identity: differences at each of S seeds (S,). The
    interval is over seeds alone, by Student's t, and of one seed there is none."""
    values = np.asarray(values, np.float64)
    nothing = np.zeros((len(values), 0))
    _check(values, nothing, nothing)
    mean, seeds = float(values.mean()), len(values)
    if seeds == 1:
        return SeededDifference(mean, -np.inf, np.inf, confidence, seeds, 0)
    half = float(reach(np.float64(seeds - 1), confidence)) * float(values.std(ddof=1)) / np.sqrt(seeds)
    return SeededDifference(mean, mean - half, mean + half, confidence, seeds, 0)


def confidence_among(comparisons: int, confidence: float = CONFIDENCE) -> float:
    """The confidence of each of so many intervals that hold their differences all together (Bonferroni): of four
    strategies six pairs are compared, and one in 20 would else seem better by chance alone."""
    if comparisons < 1:
        raise ValueError(f"there must be at least one comparison, got {comparisons}. Compare two strategies.")
    return 1 - (1 - confidence) / comparisons


def _check(values: np.ndarray, parts: np.ndarray, present: np.ndarray) -> None:
    shapes = values.shape, parts.shape, present.shape
    if values.ndim != 1 or not len(values) or parts.ndim != 2 or len(parts) != len(values) or shapes[1] != shapes[2]:
        raise ValueError(
            f"values and parts must have one row for each seed, got shapes {', '.join(map(str, shapes))}. Give (S,), "
            "(S, C) and (S, C), S at least 1."
        )
    if not (np.isfinite(values).all() and np.isfinite(parts).all()):
        raise ValueError(
            "values and parts must be finite, got NaN or infinity. Leave out seeds that were not measured."
        )


def _of_seeds(values: np.ndarray) -> _Spread:
    """What varies with the seed; of one seed nothing is known of it, and nothing added."""
    seeds = len(values)
    return _Spread(float(values.var(ddof=1) / seeds), seeds - 1) if seeds > 1 else _Spread(0.0, 1.0)


def _of_parts(parts: np.ndarray, identities: float) -> tuple[_Spread, _Spread]:
    """What varies with the identity, and what of that and of the seeds' is noise of both; each seed has so many."""
    seeds, freedom = len(parts), max(identities - 1, 1.0)
    small = (freedom + 1) / freedom
    shared = parts.mean(axis=0)
    of_identities = _Spread(float((shared**2).sum() * small), freedom)
    if seeds == 1:
        return of_identities, _Spread(0.0, 1.0)
    noise = float(((parts - shared) ** 2).sum() * small / (seeds * (seeds - 1)))
    return of_identities, _Spread(noise, (seeds - 1) * freedom)


def _of_replicates(replicates: np.ndarray, identities: int) -> tuple[_Spread, _Spread]:
    """The same from draws."""
    seeds, freedom = len(replicates), max(identities - 1, 1)
    shared = replicates.mean(axis=0)
    of_identities = _Spread(float(shared.var(ddof=1)), freedom)
    if seeds == 1:
        return of_identities, _Spread(0.0, 1.0)
    noise = float((replicates - shared).var(axis=1, ddof=1).sum() / (seeds * (seeds - 1)))
    return of_identities, _Spread(noise, (seeds - 1) * freedom)


def _combined(
    mean: float, spreads: tuple[_Spread, _Spread, _Spread], counts: tuple[int, int], confidence: float
) -> SeededDifference:
    """The interval from what varies with the seed, with the identity, and what both hold in common; of so many seeds
    and identities."""
    if counts[1] < 2:
        return SeededDifference(mean, -np.inf, np.inf, confidence, *counts)
    of_seeds, of_identities, of_both = (spread.variance for spread in spreads)
    # Differences of estimates may fall short of either.
    variance = max(of_seeds + of_identities - of_both, of_seeds, of_identities)
    weight = sum(spread.variance**2 / spread.freedom for spread in spreads)
    half = float(reach(variance**2 / weight, confidence)) * float(np.sqrt(variance)) if weight else 0.0
    return SeededDifference(mean, mean - half, mean + half, confidence, *counts)
