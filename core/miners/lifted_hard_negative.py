from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Triplets
from core.lazy import torch
from core.miners.base import Candidates, Miner
from core.params import Card


@dataclass(frozen=True)
class LiftedHardNegative(Miner):
    """Take one triplet per positive pair, with the negative nearest to either of its ends.

    The nearest to the one end, the nearest to the other, and of the two the nearer; the end it is nearer to is the
    anchor. So a triplet hinge is the hard lifted term of the pair before it is squared. Ties go to the lower row.
    """

    card = Card(
        formula=r"d_n(i, j) = \min\left(\min_k d_{ik},\ \min_l d_{jl}\right), \qquad"
        r" J_{ij} = d_{ij} + \max\left(\max_k (\alpha - d_{ik}),\ \max_l (\alpha - d_{jl})\right)",
        paper="Song, Xiang, Jegelka, Savarese 2016, Lifted Structured Feature Embedding (CVPR)",
        dialects=(
            "The paper replaces the maximum by a log-sum-exp over all negatives of both ends: that is the lifted "
            "structured loss, which mines nothing.",
            "TF-Similarity looks at the hardest positive of each anchor alone.",
        ),
        traps=(
            "Each positive pair comes once, in whichever order is harder: half as many triplets as hard-negative, and "
            "an outlier near many pairs is the negative of all of them.",
        ),
    )

    def __call__(self, candidates: Candidates) -> Triplets:
        first, second = candidates.positive_pairs()
        once = first < second
        first, second = first[once], second[once]
        nearest = candidates.nearest_negative
        reach = candidates.to(nearest)
        is_second = reach[second] < reach[first]
        anchor, positive = torch.where(is_second, second, first), torch.where(is_second, first, second)
        return Triplets(anchor, positive, nearest[anchor])
