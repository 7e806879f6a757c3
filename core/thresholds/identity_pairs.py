"""The pairs of every identity, and how many independent pairs they are worth, at every threshold; numpy alone.

Pairs that share an identity tend to be wrong together. The variance of a rate over pairs of C identities is therefore
summed over all couples of pairs with an identity in common: of the genuine pairs those of one identity, of the
impostor pairs those of any two blocks "identity i against identity j" that share i or j, the dyadic cluster-robust
variance (Fafchamps and Gubert 2007, equation 2.5; Aronow, Samii and Assenova 2015). With e_ij what block ij has too
many, s_ij - rate * M_ij of its M_ij pairs, and e_i their sum over j, it is (sum_i e_i^2 - sum_ij e_ij^2) / M^2, so that
only sums per identity and the squares of the blocks are ever held, never all blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.brought.scored_pairs import ScoredPairs
from core.thresholds.evidence import LEAST_ERRORS, Evidence
from core.thresholds.verification import Curve


@dataclass(frozen=True)
class IdentityPairs:
    """The pairs accepted at each of S thresholds, for each of C identities; running counts, exact at the thresholds.

    `positive` (S, C): genuine pairs of each identity. `negative` (S, C): impostor pairs with the identity on one side,
    so each pair counts for two. `squares` and `products` (S,): sums over all couples of identities of s_ij^2 and of
    s_ij * M_ij; `block_squares` that of M_ij^2. All pairs are accepted at the last threshold.
    """

    thresholds: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    squares: np.ndarray
    products: np.ndarray
    block_squares: float

    @property
    def curve(self) -> Curve:
        accepted, wrongly = self.positive.sum(1), self.negative.sum(1) // 2
        return Curve(self.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))

    @property
    def identities(self) -> int:
        return self.negative.shape[1]

    @property
    def genuine_identities(self) -> int:
        """Those with a genuine pair of their own."""
        return int((self.positive[-1] > 0).sum())

    def false_accept_variance(self) -> np.ndarray:
        """Of the false accept rate at each threshold (S,)."""
        own, rate = self.negative[-1], self.curve.false_accept_rate
        per_identity = np.square(self.negative - rate[:, None] * own).sum(1)
        per_block = self.squares - 2 * rate * self.products + rate**2 * self.block_squares
        # The rate and every identity's own mean were fitted to the same blocks, which costs three degrees of freedom.
        return _enlarged((per_identity - per_block) / (own.sum() / 2) ** 2, self.identities, 3)

    def false_reject_variance(self) -> np.ndarray:
        """Of the false reject rate at each threshold (S,)."""
        own = self.positive[-1]
        accepted = self.positive - self.curve.true_accept_rate[:, None] * own
        return _enlarged(np.square(accepted).sum(1) / own.sum() ** 2, self.genuine_identities, 1)

    def evidence(self) -> Evidence:
        curve = self.curve
        return Evidence(
            curve,
            _effective(curve.false_accepts, curve.negative_count, self.false_accept_variance()),
            _effective(curve.true_accepts, curve.positive_count, self.false_reject_variance()),
            self.identities,
            self.genuine_identities,
        )


def scored_identity_pairs(pairs: ScoredPairs, edges: np.ndarray) -> IdentityPairs:
    """The same of any pairs with scores whose identities are known, at (S + 1,) ascending edges around all of them.

    The k-th pair of a couple of identities to be accepted makes the square of its count grow by 2 k - 1.
    """
    assert pairs.first is not None and pairs.second is not None, (
        "pairs without identities have no dependence to measure"
    )
    steps = len(edges) - 1
    place = np.clip(np.searchsorted(edges, pairs.distances, side="left") - 1, 0, steps - 1)
    identities, numbers = np.unique(np.stack([pairs.first, pairs.second]), return_inverse=True)
    first, second = numbers.reshape(2, -1)
    count, same = len(identities), pairs.is_same
    positive = _by_identity(place[same], first[same], steps, count)
    impostor = place[~same]
    negative = sum(_by_identity(impostor, of[~same], steps, count) for of in (first, second))
    couple = np.minimum(first, second)[~same] * count + np.maximum(first, second)[~same]
    _, couple, sizes = np.unique(couple, return_inverse=True, return_counts=True)
    order = np.lexsort((impostor, couple))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[couple[order]] + 1
    squares, products = (
        np.cumsum(np.bincount(impostor, weights=weights, minlength=steps)) for weights in (2 * rank - 1, sizes[couple])
    )
    return IdentityPairs(
        edges[1:], np.cumsum(positive, 0), np.cumsum(negative, 0), squares, products, float(sizes @ sizes)
    )


def _by_identity(place: np.ndarray, identity: np.ndarray, steps: int, count: int) -> np.ndarray:
    """The number of pairs in each bin with each identity, (S, C)."""
    return np.bincount(place * count + identity, minlength=steps * count).reshape(steps, count)


def _enlarged(variance: np.ndarray, groups: int, fitted: int) -> np.ndarray:
    """What was fitted to the groups makes their spread look smaller than it is."""
    return variance * (groups / max(groups - fitted, 1))


def _effective(accepted: np.ndarray, count: int, variance: np.ndarray) -> np.ndarray:
    """The number of independent pairs with that variance, at most the pairs there are.

    Where fewer than LEAST_ERRORS are accepted, or fewer refused, the pairs are taken to depend on each other as they
    do at the nearest threshold where there are as many (or at the one that comes closest to that).
    """
    rate = accepted / count
    alone = rate * (1 - rate) / count
    design = np.maximum(np.divide(variance, alone, out=np.ones_like(alone), where=alone > 0), 1.0)
    fewer = np.minimum(accepted, count - accepted)
    places = np.flatnonzero(fewer >= min(LEAST_ERRORS, fewer.max()))
    nearest = np.clip(np.arange(len(fewer)), places[0], places[-1])
    return count / design[nearest]
