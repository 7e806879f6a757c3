"""How many independent pairs would tell as much about an identity's rate as its own pairs do; numpy alone.

Pairs that have nothing in common are independent; others are wrong together. The deviations from the rate add up to 0
over all couples of pairs, so the variance of the rate is minus their mean product over the couples with nothing in
common, without bias (for genuine pairs the dyadic way, for impostor pairs two-way clustering: Cameron, Gelbach and
Miller 2011, "Robust inference with multiway clustering"). A rate p then is worth p (1 - p) / variance pairs.

One identity has few samples, and its variance comes out too small by chance about as often as too large. So it is never
taken as smaller than by the correlations that are usual among all identities, which also speak for those whose pairs
all have something in common, are all right or all wrong. Measured on sets without animals (doddington.py): without
that, up to 40 % of the sets had some, and with clusters by the other identity alone nearly all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Couples:
    """The ordered couples of pairs of each of C identities that have something in common, in each of W ways.

    `shares` (W, C) among all couples, `products` (W, C): the sum of the products of the deviations from the rate, over
    the number of all couples. `apart` (C,): the share of the couples with nothing in common. A pair with itself is none
    of these.
    """

    shares: np.ndarray
    products: np.ndarray
    apart: np.ndarray


def genuine_couples(samples: np.ndarray, rejects: np.ndarray, squares: np.ndarray) -> Couples:
    """Numbers of samples from 2 up, of false rejects, and sums over the samples of the square of the number of false
    rejects that each is part of, (C,) each -> couples of genuine pairs that share one sample."""
    pairs = samples * (samples - 1) / 2
    rate = rejects / pairs
    by_sample = squares - rate**2 * samples * (samples - 1.0) ** 2
    shared = by_sample / pairs**2 - 2 * rate * (1 - rate) / pairs
    apart = (samples - 2) * (samples - 3) / 2 / pairs
    return Couples(2 * (samples - 2)[None] / pairs, shared[None], apart)


def impostor_couples(
    samples: np.ndarray, accepts: np.ndarray, weighted: np.ndarray, squares: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> Couples:
    """Numbers of samples and of false accepts, the latter summed with the sizes of the other identities as weights, and
    their squares summed over own sample and other identity, over own samples, over other identities, (C,) each ->
    couples of impostor pairs that share both of these, the own sample alone, the other identity alone."""
    others = samples.sum() - samples
    pairs = (samples * others).astype(np.float64)
    rate = accepts / pairs
    of_others = (samples.astype(np.float64) ** 2).sum() - samples.astype(np.float64) ** 2
    # Sums of squares of (errors - rate x pairs), spelled out.
    both = squares[0] - 2 * rate * weighted + rate**2 * samples * of_others
    own = squares[1] - 2 * rate * others * accepts + rate**2 * samples * others.astype(np.float64) ** 2
    other = squares[2] - 2 * rate * samples * weighted + (rate * samples) ** 2 * of_others
    same_own, same_other = 1 / samples, of_others / others.astype(np.float64) ** 2
    shares = [same_own * same_other - 1 / pairs, same_own * (1 - same_other), (1 - same_own) * same_other]
    products = [both - rate * (1 - rate) * pairs, own - both, other - both]
    return Couples(np.array(shares), np.array(products) / pairs**2, (1 - same_own) * (1 - same_other))


def effective_pairs(
    rate: np.ndarray, pairs: np.ndarray, couples: Couples, least: np.ndarray, unseen: np.ndarray
) -> np.ndarray:
    """Rates, numbers of pairs, the fewest independent ones that these can be worth, and how many to count where no
    identity has pairs of both kinds, right and wrong, so that nothing shows a dependence, (C,) each -> what they are
    worth, (C,)."""
    of_one = rate * (1 - rate)
    if not of_one.any():
        return np.minimum(unseen, pairs).astype(np.float64)
    together = of_one / pairs + couples.products.sum(axis=0)
    variance = np.divide(together, couples.apart, out=np.zeros(len(pairs)), where=couples.apart > 0)
    usual = 1 / pairs + _correlations(of_one + variance, variance, couples) @ couples.shares
    found = np.divide(variance, of_one, out=np.zeros(len(pairs)), where=of_one > 0)
    return np.maximum(1 / np.maximum(found, usual), np.minimum(least, pairs))


def _correlations(of_one: np.ndarray, variance: np.ndarray, couples: Couples) -> np.ndarray:
    """How strongly the pairs of a couple depend on each other, over all identities, for each way (W,); 1 if unknown.

    A product of deviations falls short of the covariance by the variance of the rate, which is given back.
    """
    known = couples.apart > 0
    found = (couples.products + couples.shares * variance)[:, known].sum(axis=1)
    whole = (couples.shares * of_one)[:, known].sum(axis=1)
    return np.clip(np.divide(found, whole, out=np.ones(len(whole)), where=whole > 0), 0.0, 1.0)
