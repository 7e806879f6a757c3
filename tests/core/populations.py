"""Sets drawn from a population in which identities differ in place and in width, and how often intervals cover it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtr, chdtrc, ndtri

from core.evidence.evidence import Evidence
from core.evidence.intervals import Interval, quantile, wilson
from tests.core.identity_pairs import identity_pairs

SAMPLES, DIMENSION = 5, 4


def drawn(generator: np.random.Generator, identities: int, samples: int) -> np.ndarray:
    """(identities, samples, D) points."""
    centres = generator.normal(size=(identities, 1, DIMENSION))
    widths = 0.35 * np.exp(0.5 * generator.normal(size=(identities, 1, 1)))
    return centres + widths * generator.normal(size=(identities, samples, DIMENSION))


def population_rates(thresholds: np.ndarray, draws: int = 4) -> np.ndarray:
    """(S,) -> FAR and FRR (2, S) from so many million independent pairs: no identity is in two of a kind."""
    found = []
    for seed in range(draws):
        points = drawn(np.random.default_rng(10**6 + seed), 1_000_000, 2)
        genuine = np.sqrt(np.square(points[:, 0] - points[:, 1]).sum(1))
        impostor = np.sqrt(np.square(points[::2, 0] - points[1::2, 1]).sum(1))
        found.append([(impostor[:, None] <= thresholds).mean(0), (genuine[:, None] > thresholds).mean(0)])
    return np.mean(found, axis=0)


def naive_bands(evidence: Evidence) -> tuple[Interval, Interval]:
    """Of FAR and FRR, had every pair been independent of all others: too narrow."""
    curve, normal = evidence.curve, quantile()
    return (
        wilson(curve.false_accept_rate, curve.negative_count, normal),
        wilson(curve.false_reject_rate, curve.positive_count, normal),
    )


def covered(thresholds: np.ndarray, truth: np.ndarray, identities: int, first: int, sets: int) -> np.ndarray:
    """How many of the sets have intervals that cover: ours and the naive ones, of FAR and FRR, at each threshold."""
    counts, labels = np.zeros((2, 2, len(thresholds))), np.repeat(np.arange(identities), SAMPLES)
    edges = np.concatenate([[0.0], thresholds, [1e3]])
    for seed in range(first, first + sets):
        points = drawn(np.random.default_rng(seed), identities, SAMPLES).reshape(-1, DIMENSION)
        evidence = identity_pairs(points, labels, edges).evidence()
        bands = ((evidence.false_accept_band(), evidence.false_reject_band()), naive_bands(evidence))
        for side, of_side in enumerate(bands):
            for rate, band in enumerate(of_side):
                low, high = band.low[: len(thresholds)], band.high[: len(thresholds)]
                counts[side, rate] += (low <= truth[rate]) & (truth[rate] <= high)
    return counts


EQUAL, HEAVY = "equal", "heavy-tailed"
UNEQUAL_DIMENSION = 8
UNEQUAL = {
    "60 x 5": (5,) * 60,
    "60/k over 80": tuple(max(1, round(60 / k)) for k in range(1, 81)),
    "10 x 30 + 90 x 2": (30,) * 10 + (2,) * 90,
    "1 x 200 + 100 x 2": (200,) + (2,) * 100,
}


@dataclass(frozen=True)
class Population:
    """Identities at normal places in 8 dimensions, as many samples of each as `sizes` says, whatever its difficulty:
    0.5 wide each, or of a width with the logarithm normal about that of 0.5 with standard deviation 0.5."""

    sizes: tuple[int, ...]
    difficulty: str

    @property
    def labels(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def draw(self, generator: np.random.Generator) -> np.ndarray:
        """(N, D) points in order of the labels."""
        count = len(self.sizes)
        centres, spread = generator.normal(size=(count, UNEQUAL_DIMENSION)), generator.normal(size=(count, 1))
        widths = 0.5 * np.exp(0.5 * spread * (self.difficulty == HEAVY))
        labels = self.labels
        return centres[labels] + widths[labels] * generator.normal(size=(len(labels), UNEQUAL_DIMENSION))

    def rates(self, thresholds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The true FAR and FRR at each threshold (S,), in closed form given the widths: the squared distance over the
        sum of the variances is chi-square with 8 degrees of freedom. Widths are taken at 200 equal steps of chance."""
        chances = (np.arange(200) + 0.5) / 200 if self.difficulty == HEAVY else np.array([0.5])
        squares = np.square(0.5 * np.exp(0.5 * ndtri(chances)))
        both = (2 + squares[:, None] + squares).ravel()
        far = [chdtr(UNEQUAL_DIMENSION, threshold**2 / both).mean() for threshold in thresholds]
        frr = [chdtrc(UNEQUAL_DIMENSION, threshold**2 / (2 * squares)).mean() for threshold in thresholds]
        return np.array(far), np.array(frr)
