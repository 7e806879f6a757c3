"""Distance-weighted mining, and the density of distances that it evens out."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from core.batch.mined import Triplets
from core.lazy import torch
from core.miners.base import Candidates, Miner
from core.miners.weighted_draws import draw_negatives, perplexity
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor

# Beyond a distance of about 1.999999 the density on the sphere is taken as constant: at 2 it would be 0 or infinite.
LEAST_HEIGHT = 1e-6


@dataclass(frozen=True)
class DistanceWeighted(Miner):
    """Draw a negative for every ordered positive pair, so that all distances to negatives come up equally often.

    Wu et al. 2017, section 4.1: the chances are 1 / q(d), with q(d) the density of distances between random points of
    the unit sphere in as many dimensions as the embeddings have. Anchors whose negatives all lie beyond the upper cut
    draw among all of them with equal chances.
    """

    card = Card(
        formula=r"q(d) \propto d^{\,n-2} \left(1 - \tfrac{1}{4} d^2\right)^{\frac{n-3}{2}}, \qquad"
        r" \Pr(n \mid a) \propto \frac{1}{q(\max(d_{an}, d_{low}))} \ \text{ for } d_{an} < d_{up}",
        paper="Wu, Manmatha, Smola, Krähenbühl 2017, Sampling Matters in Deep Embedding Learning (ICCV), section 4.1",
        dialects=(
            "The paper caps the weight; the authors' code instead counts distances below 0.5 as 0.5 and drops "
            "negatives from 1.4 on, which is margin + boundary of their loss.",
            "Where nothing is left to draw the authors' code draws among all samples, positives included, and "
            "pytorch-metric-learning leaves the anchor out.",
            "Revisiting Deep Metric Learning has no upper cut.",
            "pytorch-metric-learning subtracts the largest log weight of the whole batch, so that in many dimensions "
            "rows of zeros remain; here each row is scaled by itself.",
        ),
        traps=(
            "The formula holds for Euclidean distances between embeddings of unit length only.",
            "Near is not simply likelier: the weight is least at the square root of 2 (n - 2) / (n - 2.5), about 1.42 "
            "for 128 dimensions, and rises again beyond; that is what the upper cut is for.",
            "In many dimensions the nearest negative takes nearly all the weight (92 nats between 0.5 and 1.4 for 128 "
            "dimensions): an effective number of negatives near 1 says that this is hard-negative mining.",
            "In 2 dimensions the weight goes the other way, in 3 it is 1 / d.",
        ),
    )
    lower: float = param(0.5, low=0.0, high=2.0, unit="distance", help="distances below it count as this one")
    upper: float = param(
        1.4,
        low=0.01,
        high=10.0,
        unit="distance",
        help="negatives from here on are not drawn; margin + boundary in the paper",
    )

    @property
    def is_random(self) -> bool:
        return True

    def __call__(self, candidates: Candidates) -> Triplets:
        anchor, positive = candidates.positive_pairs()
        if len(anchor) == 0:
            return Triplets(anchor, positive, anchor)
        weights = self.weights(candidates)
        drawn = draw_negatives(weights, anchor, positive, candidates.generator)
        effective = perplexity(weights[candidates.is_anchor]).mean()
        return drawn._replace(effective_negatives=float(effective))

    def weights(self, candidates: Candidates) -> Tensor:
        """(N, N) chances of each negative (column) for each anchor (row) up to a factor, the largest of a row 1."""
        is_negative = candidates.pairs.negative
        in_reach = is_negative & (candidates.distances < self.upper)
        has_any = in_reach.any(1, keepdim=True)
        logits = inverse_density(candidates.distances, candidates.dimension, self.lower)
        logits = logits.masked_fill_(~has_any, 0.0).masked_fill_(~torch.where(has_any, in_reach, is_negative), -inf)
        largest = logits.amax(1, keepdim=True).clamp_min(torch.finfo(logits.dtype).min)  # -inf without a negative
        return logits.sub_(largest).exp_()


def inverse_density(distances: Tensor, dimension: int, lower: float) -> Tensor:
    """-log q(d) up to a constant, for points of the unit sphere in `dimension` dimensions; finite everywhere."""
    tiny = torch.finfo(distances.dtype).tiny
    clamped = distances.clamp_min(max(lower, tiny))
    height = (1 - clamped.square() / 4).clamp_min(LEAST_HEIGHT)
    return clamped.log_().mul_(2 - dimension).add_(height.log_(), alpha=(3 - dimension) / 2)
