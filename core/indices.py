"""Mined rows have a type: pairs and triplets of row numbers into one batch, or the rule that describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


class Pairs(NamedTuple):
    """Row numbers into one batch, (P,) int64 each, and whether the two share a label, (P,) bool."""

    first: Tensor
    second: Tensor
    is_same: Tensor


class Triplets(NamedTuple):
    """Row numbers into one batch, each (T,) int64."""

    anchor: Tensor
    positive: Tensor
    negative: Tensor


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


def positive_pairs(labels: Tensor) -> tuple[Tensor, Tensor]:
    """(N,) -> the rows (P,), (P,) of every ordered pair of different rows with one label."""
    same = labels[:, None] == labels[None, :]
    same.fill_diagonal_(False)
    anchor, positive = same.nonzero(as_tuple=True)
    return anchor, positive


def pairs_within(triplets: Triplets, count: int) -> Pairs:
    """The distinct unordered pairs that occur in triplets of a batch of `count` rows, same-label pairs first."""

    def distinct(left: Tensor, right: Tensor) -> Tensor:
        return torch.unique(torch.minimum(left, right) * count + torch.maximum(left, right))

    same = distinct(triplets.anchor, triplets.positive)
    different = distinct(triplets.anchor, triplets.negative)
    codes = torch.cat([same, different])
    is_same = torch.arange(len(codes), device=codes.device) < len(same)
    return Pairs(codes // count, codes % count, is_same)
