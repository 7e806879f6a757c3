"""How many independent pairs a rate is worth whose identities have any number of samples; numpy and scipy.special.

A rate is a mean over identities (genuine pairs) or over blocks of two identities (impostor pairs), weighted by their
pairs or alike. Its variance is that of a single pair times the sum of weight x weight x correlation. How far
identities differ, and so the correlation, is measured with all identities weighted alike: cluster-robust sums of
squared residuals, weighted by pairs, vanish for the one identity that makes the rate and cover too seldom (.2 to .9
where 95 % were said; leverage corrections after Bell and McCaffrey 2002 gave .8 to .9, Kish's number alone .7 to .8).

- Genuine pairs: Var = p q sum_i w_i^2 (rho + (1 - rho) / M_i), with w_i the weight and M_i the pairs of identity i.
  rho, the correlation of its pairs, comes from the squared deviations of the identities' own rates.
- Impostor pairs: Var = p q (rho (sum_i W_i^2 - 2 b) + tau b), with W_i the weight of all blocks of identity i, b that
  of the squares of all blocks' weights, rho the correlation of two blocks that share one identity (Fafchamps and Gubert
  2007; at most 1/2, Hoeffding 1948) and tau p q the variance of a block's rate. Both come from the blocks' own rates.

Few identities may all happen to be easy, so as many more are added as if they depended entirely (PRIOR_GENUINE,
PRIOR_IMPOSTOR; found by simulation as the least with which heavy-tailed difficulty is covered 93 times in 100). The
degrees of freedom are Satterthwaite's for the squared deviations as they are spread. Where that interval is wider than
the one of complete dependence, rho = 1 and 1/2, whose variance is known, the latter holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.evidence.intervals import reach

PRIOR_GENUINE, PRIOR_IMPOSTOR = 2.0, 0.5  # identities added whose pairs depend on each other entirely
THRESHOLDS_AT_ONCE = 64  # of which squares of all identities are held


class EffectiveNumbers(NamedTuple):
    """At each of S thresholds (S,): the number of independent pairs with the same variance, Student's degrees of
    freedom, and the share of the variance that falls only with the number of identities, the rest with its square."""

    pairs: np.ndarray
    freedom: np.ndarray
    linear: np.ndarray

    def taken_from(self, places: np.ndarray) -> EffectiveNumbers:
        """Those of other thresholds."""
        return EffectiveNumbers(*(array[places] for array in self))


def equivalent_sizes(pairs: np.ndarray) -> np.ndarray:
    """The number of samples that would make so many genuine pairs, also for lists that hold some of them, (C,)."""
    return (1 + np.sqrt(1 + 8 * pairs)) / 2


def informing_weights(pairs: np.ndarray) -> np.ndarray:
    """How much an identity with so many genuine pairs tells of how far identities differ, (C,): nothing with one."""
    return 1 - 2 / equivalent_sizes(pairs)


def kish(weights: np.ndarray) -> float:
    """The number of equal weights that are worth as much: (sum w)^2 / sum w^2 (Kish 1965); 0 of none."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def genuine_numbers(accepted: np.ndarray, pairs: np.ndarray, weights: np.ndarray) -> EffectiveNumbers:
    """(S, C) accepted of (C,) genuine pairs, weights (C,) that add up to 1 -> what the weighted rate is worth."""
    own, informs, alone = 1 / pairs, informing_weights(pairs), float(weights @ weights)
    informing, count = kish(informs), len(pairs)
    squares, fourths, single = np.zeros(len(accepted)), np.zeros(len(accepted)), np.zeros(len(accepted))
    for rows in _pieces(len(accepted)):
        rates = accepted[rows] * own
        mean = rates.mean(1)
        apart = informs * np.square(rates - mean[:, None])
        single[rows], squares[rows], fourths[rows] = mean * (1 - mean), apart.sum(1), np.square(apart).sum(1)
    correlation = np.ones(len(accepted))
    if informing:
        spread = _ratio(squares * count / max(count - 1, 1), single) - informs @ own
        measured = np.clip(spread / (informs @ (1 - own)), 0.0, 1.0)
        correlation = np.where(single > 0, (informing * measured + PRIOR_GENUINE) / (informing + PRIOR_GENUINE), 1.0)
    variance = correlation * alone + (1 - correlation) * (np.square(weights) @ own)
    freedom = _freedom(_ratio(squares**2, fourths), informing)
    return _at_most_entirely(EffectiveNumbers(1 / variance, freedom, np.ones(len(accepted))), 1 / alone, 1.0)


def impostor_numbers(
    shares: np.ndarray, squares: np.ndarray, blocks: np.ndarray, weights: np.ndarray, block_weight: float
) -> EffectiveNumbers:
    """What the weighted rate is worth, from the blocks' own rates.

    `shares` (S, C): their sum over the blocks of each identity, `squares` (S,): that of their squares over all blocks,
    `blocks` (C,): how many each identity has, `weights` (C,): those of its blocks together, which add up to 2,
    `block_weight`: the sum of the squared weights of all blocks.
    """
    count, ends = len(blocks), float(blocks.sum())
    mean, summed, fourths = np.zeros(len(shares)), np.zeros(len(shares)), np.zeros(len(shares))
    for rows in _pieces(len(shares)):
        of_identity = shares[rows].astype(np.float64)
        mean[rows] = of_identity.sum(1) / ends
        apart = np.square(of_identity - mean[rows, None] * blocks)
        summed[rows], fourths[rows] = apart.sum(1), np.square(apart).sum(1)
    single = mean * (1 - mean)
    by_block = 2 * squares - mean**2 * ends  # squared deviations, each block from both of its ends
    together = (summed - by_block) / max(float(blocks @ (blocks - 1)), 1.0) * (count / max(count - 3, 1))
    measured = np.clip(_ratio(together, single), 0.0, 0.5)
    correlation = np.where(single > 0, (count * measured + PRIOR_IMPOSTOR / 2) / (count + PRIOR_IMPOSTOR), 0.5)
    alike = np.where(single > 0, np.clip(_ratio(by_block / ends, single), 2 * correlation, 1.0), 1.0)
    crossed = max(float(weights @ weights) - 2 * block_weight, 0.0)
    variance = correlation * crossed + alike * block_weight
    freedom = np.minimum(_freedom(_ratio(summed**2, fourths), count), max(count / 3 - 1, 1.0))
    entirely = crossed / 2 + block_weight
    numbers = EffectiveNumbers(1 / variance, freedom, correlation * crossed / variance)
    return _at_most_entirely(numbers, 1 / entirely, crossed / 2 / entirely)


def _freedom(effective: np.ndarray, informing: float) -> np.ndarray:
    """Satterthwaite's, for a mean of squares that (S,) equal ones are worth, of so many: all of them where the
    deviations are normal, ever fewer where few identities make it."""
    if not informing:
        return np.ones(len(effective))
    return 2 / np.maximum(1 / np.maximum(effective, 1.0) - 1 / informing, 2 / informing)


def _at_most_entirely(numbers: EffectiveNumbers, pairs: float, linear: float) -> EffectiveNumbers:
    """Those of complete dependence where these would tell less."""
    less = np.square(reach(numbers.freedom)) / numbers.pairs > np.square(reach(np.inf)) / pairs
    ends = (pairs, np.inf, linear)
    return EffectiveNumbers(*(np.where(less, end, array) for end, array in zip(ends, numbers, strict=True)))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """0 where nothing is below."""
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def _pieces(count: int) -> list[slice]:
    return [slice(start, start + THRESHOLDS_AT_ONCE) for start in range(0, count, THRESHOLDS_AT_ONCE)]
