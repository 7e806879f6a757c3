"""The pairs of every identity, and how many independent pairs they are worth, at every threshold; numpy alone.

Pairs that share an identity tend to be wrong together: effective_numbers.py says what they are worth. Only sums per
identity are ever held, and of the blocks "identity i against identity j" the sum of their squared shares, never all
blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.evidence.effective_numbers import (
    EffectiveNumbers,
    genuine_numbers,
    impostor_numbers,
    informing_weights,
    kish,
)
from core.evidence.evidence import LEAST_ERRORS, Evidence
from core.evidence.vouching import Vouching
from core.statistics.roc import Curve
from core.verification.scored_pairs import ScoredPairs
from core.verification.weighted_curve import IDENTITIES, PAIRS, IdentityCurve


@dataclass(frozen=True)
class IdentityPairs:
    """The pairs accepted at each of S thresholds, for each of C identities; running counts, exact at the thresholds.

    `positive` (S, C): genuine pairs of each identity. `negative` (S, C): impostor pairs with the identity on one side,
    so each pair counts for two. `shares` (S, C): the sum over its blocks, those with one other identity each, of the
    share of their pairs; `share_squares` (S,) that of the squared shares of all blocks. `blocks` (C,): how many it has;
    `block_squares` the sum of the squared numbers of pairs of all blocks; `places` (C,) of the identities among all
    those of the set in order of their labels. All pairs are accepted at the last threshold.
    """

    thresholds: np.ndarray
    positive: np.ndarray
    negative: np.ndarray
    shares: np.ndarray
    share_squares: np.ndarray
    blocks: np.ndarray
    block_squares: float
    places: np.ndarray

    @property
    def curve(self) -> Curve:
        """The counts of all identities together; an impostor pair is counted at both of its identities."""
        accepted, wrongly = self.positive.sum(1), self.negative.sum(1) // 2
        return Curve(self.thresholds, wrongly, accepted, int(wrongly[-1]), int(accepted[-1]))

    @property
    def identity_curve(self) -> IdentityCurve:
        """With rates that are means over identities and over blocks."""
        several = self.positive[-1] > 0
        wrongly = self.shares.sum(1, dtype=np.float64)
        missed = 1 - (self.positive[:, several] / self.positive[-1, several]).mean(1)
        return IdentityCurve(**vars(self.curve), accept_rate=wrongly / wrongly[-1], reject_rate=np.maximum(missed, 0))

    @property
    def identities(self) -> int:
        """How many identities there are."""
        return self.negative.shape[1]

    @property
    def genuine_identities(self) -> int:
        """Those with a genuine pair of their own."""
        return int((self.positive[-1] > 0).sum())

    def weights(self, by: str = PAIRS) -> tuple[np.ndarray, np.ndarray, float]:
        """Of the identities in the false accept rate (C,), whose blocks count for both ends and so add up to 2, and in
        the false reject rate (C,), which add up to 1; and the sum of the squared weights of the blocks."""
        own, impostor = self.positive[-1].astype(np.float64), self.negative[-1] / 1.0
        if by == IDENTITIES:
            blocks = self.blocks.sum() / 2
            return self.blocks / blocks, (own > 0) / (own > 0).sum(), 1 / blocks
        pairs = impostor.sum() / 2
        return impostor / pairs, own / own.sum(), self.block_squares / pairs**2

    def impostor_numbers(self, by: str = PAIRS) -> EffectiveNumbers:
        """What the false accept rate is worth at each threshold."""
        compared, (weights, _, block_weight) = self.blocks > 0, self.weights(by)
        shares = self.shares if compared.all() else self.shares[:, compared]
        return impostor_numbers(shares, self.share_squares, self.blocks[compared], weights[compared], block_weight)

    def genuine_numbers(self, by: str = PAIRS) -> EffectiveNumbers:
        """What the false reject rate is worth at each threshold."""
        own, weights = self.positive[-1].astype(np.int64), self.weights(by)[1]
        several = own > 0
        return genuine_numbers(self.positive[:, several], own[several], weights[several])

    def vouching(self, by: str = PAIRS) -> tuple[Vouching, Vouching]:
        """Of the impostor pairs, whose share an identity has with all others, and of the genuine ones."""
        impostor, genuine, _ = self.weights(by)
        own = self.positive[-1]
        informing = kish(informing_weights(own[own > 0]))
        return (
            Vouching(kish(impostor), self._largest(impostor), float(impostor.max()), float((impostor > 0).sum())),
            Vouching(kish(genuine), self._largest(genuine), float(genuine.max()), informing),
        )

    def evidence(self, by: str = PAIRS) -> Evidence:
        """Of rates in which pairs, or identities, count alike."""
        curve = self.curve
        negative = _at_enough_errors(self.impostor_numbers(by), curve.false_accepts, curve.negative_count)
        positive = _at_enough_errors(self.genuine_numbers(by), curve.true_accepts, curve.positive_count)
        return Evidence(
            self.identity_curve if by == IDENTITIES else curve,
            np.minimum(negative.pairs, curve.negative_count),
            np.minimum(positive.pairs, curve.positive_count),
            self.identities,
            self.genuine_identities,
            freedom=np.stack([negative.freedom, positive.freedom]),
            vouching=self.vouching(by),
            linear=float(negative.linear[0]),
        )

    def _largest(self, weights: np.ndarray) -> int:
        return int(self.places[weights.argmax()])


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
    couples, couple, sizes = np.unique(couple, return_inverse=True, return_counts=True)
    order = np.lexsort((impostor, couple))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[couple[order]] + 1
    of_pair = 1 / sizes[couple]
    squares = np.bincount(impostor, weights=(2 * rank - 1) * of_pair**2, minlength=steps)
    shares = sum(_by_identity(impostor, of[~same], steps, count, of_pair) for of in (first, second))
    return IdentityPairs(
        edges[1:],
        np.cumsum(positive, 0),
        np.cumsum(negative, 0),
        np.cumsum(shares, 0),
        np.cumsum(squares),
        np.bincount(np.concatenate(np.divmod(couples, count)), minlength=count),
        float(sizes @ sizes),
        identities,
    )


def _by_identity(
    place: np.ndarray, identity: np.ndarray, steps: int, count: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """The number of pairs in each bin with each identity, or the sum of their weights (P,), (S, C)."""
    return np.bincount(place * count + identity, weights, minlength=steps * count).reshape(steps, count)


def _at_enough_errors(numbers: EffectiveNumbers, accepted: np.ndarray, count: int) -> EffectiveNumbers:
    """Where fewer than LEAST_ERRORS are accepted, or fewer refused, the pairs are taken to depend on each other as they
    do at the nearest threshold where there are as many (or at the one that comes closest to that)."""
    fewer = np.minimum(accepted, count - accepted)
    places = np.flatnonzero(fewer >= min(LEAST_ERRORS, fewer.max()))
    return numbers.taken_from(np.clip(np.arange(len(fewer)), places[0], places[-1]))
