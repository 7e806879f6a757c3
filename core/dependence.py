"""How many independent pairs the pairs of a set are worth, at every threshold.

Pairs that share an identity tend to be wrong together. The variance of a rate over pairs of C identities is therefore
summed over all couples of pairs with an identity in common: of the genuine pairs those of one identity, of the
impostor pairs those of any two blocks "identity i against identity j" that share i or j, the dyadic cluster-robust
variance (Fafchamps and Gubert 2007, equation 2.5; Aronow, Samii and Assenova 2015). With e_ij what block ij has too
many, s_ij - rate * M_ij of its M_ij pairs, and e_i their sum over j, it is (sum_i e_i^2 - sum_ij e_ij^2) / M^2, so that
only sums per identity and the squares of the blocks are ever held, never all blocks. numba, for workers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from core.distance_rows import DistanceRows
from core.distances import EUCLIDEAN
from core.distances.base import Distance
from core.evidence import LEAST_ERRORS, Evidence
from core.pair_distances import bin_of
from core.verification import Curve

ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class IdentityPairs:
    """The pairs accepted at each of S thresholds, for each of C identities; running counts, exact at the thresholds.

    `positive` (S, C): genuine pairs of each identity. `negative` (S, C): impostor pairs with the identity on one side,
    so each pair counts for two. `squares` and `products` (S,): sums over all couples of identities of s_ij^2 and of
    s_ij * M_ij. `sizes` (C,): points of each identity.
    """

    thresholds: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    squares: np.ndarray
    products: np.ndarray
    sizes: np.ndarray

    @property
    def curve(self) -> Curve:
        accepted, wrongly = self.positive.sum(1), self.negative.sum(1) // 2
        return Curve(self.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))

    @property
    def identities(self) -> int:
        return len(self.sizes)

    @property
    def genuine_identities(self) -> int:
        """Those with a genuine pair of their own."""
        return int((self.sizes > 1).sum())

    def false_accept_variance(self) -> np.ndarray:
        """Of the false accept rate at each threshold (S,)."""
        sizes, rate = self.sizes.astype(np.float64), self.curve.false_accept_rate
        own = sizes * (sizes.sum() - sizes)
        per_identity = np.square(self.negative - rate[:, None] * own).sum(1)
        of_blocks = ((sizes**2).sum() ** 2 - (sizes**4).sum()) / 2
        per_block = self.squares - 2 * rate * self.products + rate**2 * of_blocks
        # The rate and every identity's own mean were fitted to the same blocks, which costs three degrees of freedom.
        return _enlarged((per_identity - per_block) / (own.sum() / 2) ** 2, self.identities, 3)

    def false_reject_variance(self) -> np.ndarray:
        """Of the false reject rate at each threshold (S,)."""
        own = self.sizes * (self.sizes - 1) // 2
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


def identity_pairs(
    embeddings: np.ndarray, labels: np.ndarray, edges: np.ndarray, distance: Distance = EUCLIDEAN
) -> IdentityPairs:
    """(N, D), (N,), (S + 1,) ascending edges around all distances -> the pairs accepted at each edge but the first.

    Distances are those of core/distance_rows.py. Memory: 12 bytes for each threshold and identity beside the result.
    """
    order = np.argsort(labels, kind="stable")
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    rows = DistanceRows(distance.prepared(embeddings)[order], distance)
    identity = np.repeat(np.arange(len(sizes)), sizes)
    ends, steps = np.cumsum(sizes), len(edges) - 1
    positive, negative = np.zeros((steps, len(sizes)), np.int64), np.zeros((steps, len(sizes)), np.int64)
    squares, products, block_counts = np.zeros(steps), np.zeros(steps), np.zeros((steps, len(sizes)), np.int32)
    for own, (size, end) in enumerate(zip(sizes.tolist(), ends.tolist(), strict=True)):
        block_counts[:, own:] = 0
        for start in range(end - size, end, ROWS_AT_ONCE):
            _count(rows.block(start, min(start + ROWS_AT_ONCE, end)), start, identity, edges, block_counts)
        positive[:, own] = block_counts[:, own]
        _add_up(block_counts, own, sizes, negative, squares, products)
    return IdentityPairs(edges[1:], np.cumsum(positive, 0), np.cumsum(negative, 0), squares, products, sizes)


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


@njit(cache=True, nogil=True)
def _count(block: np.ndarray, start: int, identity: np.ndarray, edges: np.ndarray, counts: np.ndarray) -> None:
    """Add the pairs (row, later point) of one identity's rows to the bins of the later point's identity (S, C)."""
    for row in range(len(block)):
        for other in range(start + row + 1, len(identity)):
            counts[bin_of(block[row, other], edges), identity[other]] += 1


@njit(cache=True, nogil=True)
def _add_up(
    counts: np.ndarray, own: int, sizes: np.ndarray, negative: np.ndarray, squares: np.ndarray, products: np.ndarray
) -> None:
    """Add the blocks of one identity with all later ones, (S, C) pairs per bin, to the sums."""
    accepted = np.zeros(len(sizes))
    for place in range(len(counts)):
        line, of_own, square, product = counts[place], 0, 0.0, 0.0
        for other in range(own + 1, len(sizes)):
            here = line[other]
            negative[place, other] += here
            of_own += here
            accepted[other] += here
            square += accepted[other] * accepted[other]
            product += accepted[other] * sizes[other]
        negative[place, own] += of_own
        squares[place] += square
        products[place] += product * sizes[own]
