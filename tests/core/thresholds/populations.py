"""Sets drawn from a population in which identities differ in place and in width, and how often intervals cover it."""

from __future__ import annotations

import numpy as np

from core.thresholds.dependence import identity_pairs

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


def covered(thresholds: np.ndarray, truth: np.ndarray, identities: int, first: int, sets: int) -> np.ndarray:
    """How many of the sets have intervals that cover: ours and the naive ones, of FAR and FRR, at each threshold."""
    counts, labels = np.zeros((2, 2, len(thresholds))), np.repeat(np.arange(identities), SAMPLES)
    edges = np.concatenate([[0.0], thresholds, [1e3]])
    for seed in range(first, first + sets):
        points = drawn(np.random.default_rng(seed), identities, SAMPLES).reshape(-1, DIMENSION)
        evidence = identity_pairs(points, labels, edges).evidence()
        bands = ((evidence.false_accept_band(), evidence.false_reject_band()), evidence.naive_bands())
        for side, of_side in enumerate(bands):
            for rate, band in enumerate(of_side):
                low, high = band.low[: len(thresholds)], band.high[: len(thresholds)]
                counts[side, rate] += (low <= truth[rate]) & (truth[rate] <= high)
    return counts
