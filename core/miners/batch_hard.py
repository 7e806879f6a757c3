from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from core.indices import Triplets
from core.miners.base import Miner

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class BatchHard(Miner):
    """Take one triplet per anchor: its furthest positive and its nearest negative.

    Hermans, Beyer, Leibe 2017, equation 5. Ties go to the lower row. Anchors without a positive or without a
    negative in the batch give no triplet; a batch without any anchor gives none at all.
    """

    def __call__(self, distances: Tensor, labels: Tensor, margin: float, generator: Generator) -> Triplets:
        same = labels[:, None] == labels[None, :]
        is_positive = same.clone().fill_diagonal_(False)
        anchor = (is_positive.any(1) & (~same).any(1)).nonzero().flatten()
        if len(anchor) == 0:  # nothing has a furthest or nearest in a batch of no rows
            return Triplets(anchor, anchor, anchor)
        furthest = distances.masked_fill(~is_positive, -inf).argmax(1)
        nearest = distances.masked_fill(same, inf).argmin(1)
        return Triplets(anchor, furthest[anchor], nearest[anchor])
