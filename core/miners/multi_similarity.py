from __future__ import annotations

from dataclasses import dataclass

from core.batch.mined import Pairs
from core.miners.base import Candidates, Miner
from core.params import Card, param


@dataclass(frozen=True)
class MultiSimilarity(Miner):
    """Take the pairs that are hard beside the others of their anchor.

    A negative nearer than the furthest positive plus epsilon, a positive further than the nearest negative minus
    epsilon (Wang et al. 2019, section 3.3).
    """

    card = Card(
        formula=r"d_{an} - \epsilon < \max_p d_{ap}, \qquad d_{ap} + \epsilon > \min_n d_{an}",
        paper="Wang, Han, Huang, Dong, Scott 2019, Multi-Similarity Loss (CVPR), section 3.3",
        dialects=(
            "The paper compares cosines with epsilon = 0.1, so choose the cosine distance to have its epsilon; "
            "pytorch-metric-learning does by default.",
        ),
        traps=(
            "Once every class lies closer together than epsilon below its nearest negative, nothing is taken and the "
            "training stands still: that is success, or an epsilon too small.",
        ),
    )
    epsilon: float = param(0.1, low=0.0, high=10.0, unit="distance", help="how far from being wrong a pair may be")

    def __call__(self, candidates: Candidates) -> Pairs:
        pairs, distances = candidates.pairs, candidates.distances
        is_anchor = candidates.is_anchor[:, None]
        furthest = candidates.to(candidates.furthest_positive)[:, None]
        nearest = candidates.to(candidates.nearest_negative)[:, None]
        return Pairs(
            pairs.positive & is_anchor & (distances + self.epsilon > nearest),
            pairs.negative & is_anchor & (distances - self.epsilon < furthest),
        )
