"""What a miner takes has a type: pairs, triplets of row numbers into one batch, or the rule that describes them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


class Pairs(NamedTuple):
    """Which pairs of a batch are taken, seen from the anchor in the row: (N, N) bool each.

    Masks rather than rows, because nearly every loss of pairs then works on the matrix of distances as it is, and the
    memory is the same however many pairs there are. `positive` is true only for two different rows of one label,
    `negative` only for two labels.
    """

    positive: Tensor
    negative: Tensor


class Triplets(NamedTuple):
    """Row numbers into one batch, each (T,) int64, and how much each triplet counts, (T,); all alike without."""

    anchor: Tensor
    positive: Tensor
    negative: Tensor
    weight: Tensor | None = None


@dataclass(frozen=True)
class Band:
    """A rule: for every positive pair, the negatives with d_ap + low <= d_an < d_ap + high."""

    low: float
    high: float

    def triplets(self, distances: Tensor, labels: Tensor) -> Triplets:
        """(N, N) distances, (N,) -> the rows the rule takes, ordered by anchor, positive, negative.

        Spelling out needs P x N memory for P ordered positive pairs: meant for batches, not for whole sets.
        """
        anchor, positive = positive_pairs(labels)
        to_positive = distances[anchor, positive][:, None]
        to_negative = distances[anchor]  # (P, N)
        is_negative = labels[anchor][:, None] != labels[None, :]
        taken = is_negative & (to_negative >= to_positive + self.low) & (to_negative < to_positive + self.high)
        pair, negative = taken.nonzero(as_tuple=True)
        return Triplets(anchor[pair], positive[pair], negative)

    def pairs(self, distances: Tensor, labels: Tensor) -> Pairs:
        """(N, N) distances, (N,) -> the pairs that occur in the triplets of the rule, without spelling them out.

        A positive pair occurs where some negative lies in its band; a negative pair where it lies in some positive's.
        """
        every = all_pairs(labels)
        has_both = every.positive.any(1, keepdim=True) & every.negative.any(1, keepdim=True)
        if (self.low, self.high) == (-inf, inf):
            return Pairs(every.positive & has_both, every.negative & has_both)
        # Of all negatives from the lower end on, the nearest is the likeliest to lie below the upper end; of all
        # positives whose lower end is passed, the furthest has the highest upper end.
        negatives = distances.masked_fill(~every.negative, inf).sort(1).values
        nearest = torch.searchsorted(negatives, distances + self.low).clamp_max(len(labels) - 1)
        has_negative = negatives.gather(1, nearest) < distances + self.high
        positives = distances.masked_fill(~every.positive, -inf).sort(1).values
        furthest = torch.searchsorted(positives + self.low, distances, right=True) - 1
        has_positive = (furthest >= 0) & (distances < positives.gather(1, furthest.clamp_min(0)) + self.high)
        return Pairs(every.positive & has_negative, every.negative & has_positive)


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
    """Every triplet whose positive and whose negative pair are both among the pairs of its anchor.

    Spelling out needs memory for P x N numbers, P positive pairs: meant for mined sets of small batches.
    """
    anchor, positive = pairs.positive.nonzero(as_tuple=True)
    pair, negative = pairs.negative[anchor].nonzero(as_tuple=True)
    return Triplets(anchor[pair], positive[pair], negative)
