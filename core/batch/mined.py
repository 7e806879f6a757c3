"""What a miner takes has a type: pairs, triplets of row numbers into one batch, or the rule that describes them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor

# Stands for log 0 where a row takes nothing: a sum or softplus of it is as if the row were not there, without a NaN.
NOTHING = -1e30


class Pairs(NamedTuple):
    """Which pairs of a batch are taken, seen from the anchor in the row: (N, N) bool each.

    Masks rather than rows, because nearly every loss of pairs then works on the matrix of distances as it is, and the
    memory is the same however many pairs there are. `positive` is true only for two different rows of one label,
    `negative` only for two labels.
    """

    positive: Tensor
    negative: Tensor


class Triplets(NamedTuple):
    """Row numbers into one batch, each (T,) int64, and how much each triplet counts, (T,); all alike without.

    A miner that draws its negatives says among how many equally likely ones it could as well have drawn: the
    perplexity of its chances, averaged over the anchors; 0 where nothing was drawn.
    """

    anchor: Tensor
    positive: Tensor
    negative: Tensor
    weight: Tensor | None = None
    effective_negatives: float = 0.0


@dataclass(frozen=True)
class Band:
    """A rule: for every positive pair, the negatives with d_ap + low <= d_an < d_ap + high.

    With a `focus` above 0 a triplet counts (1 - p)^focus with p = sigmoid((d_an - d_ap) / temperature), the chance that
    it is in the right order; without, all count alike. No gradient flows through what a triplet counts.
    """

    low: float
    high: float
    focus: float = 0.0
    temperature: float = 1.0

    def pairs(self, distances: Tensor, labels: Tensor) -> Pairs:
        """(N, N) distances, (N,) -> the pairs that a loss of pairs learns from, without spelling out triplets.

        Without bounds all pairs of the batch, those of rows that have no triplet too. Otherwise the pairs that occur in
        triplets of the rule: a positive pair where some negative lies in its band, a negative pair where it lies in
        some positive's. What the triplets count is left out: a pair is taken or not.
        """
        every = all_pairs(labels)
        if (self.low, self.high) == (-inf, inf):
            return every
        # Of all negatives from the lower end on, the nearest is the likeliest to lie below the upper end; of all
        # positives whose lower end is passed, the furthest has the highest upper end.
        negatives = distances.masked_fill(~every.negative, inf).sort(1).values
        nearest = torch.searchsorted(negatives, distances + self.low).clamp_max(len(labels) - 1)
        has_negative = negatives.gather(1, nearest) < distances + self.high
        positives = distances.masked_fill(~every.positive, -inf).sort(1).values
        furthest = torch.searchsorted(positives + self.low, distances, right=True) - 1
        has_positive = (furthest >= 0) & (distances < positives.gather(1, furthest.clamp_min(0)) + self.high)
        return Pairs(every.positive & has_negative, every.negative & has_positive)

    def triplets(self, distances: Tensor, labels: Tensor) -> Triplets:
        """(N, N) distances, (N,) -> every triplet of the rule with what it counts, by anchor, positive and negative."""
        anchor, positive = positive_pairs(labels)
        to_positive, to_negative = distances[anchor, positive][:, None], distances[anchor]  # (P, 1), (P, N)
        is_within = (to_negative >= to_positive + self.low) & (to_negative < to_positive + self.high)
        pair, negative = (is_within & (labels[anchor][:, None] != labels)).nonzero(as_tuple=True)
        if not self.focus:
            return Triplets(anchor[pair], positive[pair], negative)
        difference = (to_negative - to_positive)[pair, negative].detach()
        weight = torch.sigmoid(-difference / self.temperature) ** self.focus
        return Triplets(anchor[pair], positive[pair], negative, weight)


def positive_pairs(labels: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) -> the rows (P,), (P,) of every ordered pair of different rows with one label."""
    same = labels[:, None] == labels[None, :]
    same.fill_diagonal_(False)
    anchor, positive = same.nonzero(as_tuple=True)
    return anchor, positive


def all_pairs(labels: Tensor) -> Pairs:
    """(N,) -> every pair of different rows."""
    same = labels[:, None] == labels[None, :]
    return Pairs(same.clone().fill_diagonal_(False), ~same)


def pairs_within(triplets: Triplets, count: int) -> Pairs:
    """The pairs (anchor, positive) and (anchor, negative) that occur in triplets of a batch of `count` rows."""
    pairs = torch.zeros(2, count, count, dtype=torch.bool, device=triplets.anchor.device)
    pairs[0, triplets.anchor, triplets.positive] = True
    pairs[1, triplets.anchor, triplets.negative] = True
    return Pairs(*pairs)


def triplets_within(pairs: Pairs) -> Triplets:
    """Every triplet whose positive and whose negative pair are both among those of its anchor, in order."""
    anchor, positive = pairs.positive.nonzero(as_tuple=True)
    pair, negative = pairs.negative[anchor].nonzero(as_tuple=True)
    return Triplets(anchor[pair], positive[pair], negative)


def as_consumed(
    taken: Pairs | Triplets | Band | None, kind: type[Pairs] | type[Triplets] | None, distances: Tensor, labels: Tensor
) -> Pairs | Triplets | None:
    """What a miner took of a batch, (N, N) and (N,), in the form that is consumed."""
    if kind is None or taken is None:
        return None
    if kind is Triplets:
        if isinstance(taken, Band):
            return taken.triplets(distances, labels)
        return triplets_within(taken) if isinstance(taken, Pairs) else taken
    if isinstance(taken, Band):
        return taken.pairs(distances, labels)
    return pairs_within(taken, len(labels)) if isinstance(taken, Triplets) else taken
