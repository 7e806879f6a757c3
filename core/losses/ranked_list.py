from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples
from core.batch.mined import Pairs
from core.batch.pair_sums import row_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class RankedList(Loss):
    """Keep the negatives of an anchor outside a sphere of radius `boundary`, its positives `margin` deeper inside.

    Per anchor: the mean of d - (boundary - margin) over the positives beyond that radius, plus `balance` times the mean
    of boundary - d over the negatives within the boundary, each weighing exp(temperature (boundary - d)) (Wang et al.
    2019, equations 4 to 7). The gradient holds these weights constant: they choose how hard each negative is pushed.
    """

    consumes = Pairs
    holds_weights = True
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss picks the violating pairs of an anchor itself"}
    card = Card(
        formula=r"\ell_a = \frac{1}{|P_a|} \sum_{p \in P_a} \left( d_{ap} - (\alpha - m) \right) + \lambda"
        r" \frac{\sum_{n \in N_a} w_{an} (\alpha - d_{an})}{\sum_{n \in N_a} w_{an}} , \quad"
        r" w_{an} = e^{T (\alpha - d_{an})} , \quad P_a = \{ d_{ap} > \alpha - m \} , \; N_a = \{ d_{an} < \alpha \}",
        paper="Wang, Hua, Kodirov, Hu, Garnier, Robertson 2019, Ranked list loss for deep metric learning (CVPR)",
        dialects=(
            "The paper has unit length, alpha = 1.2, m = 0.4, T = 10 and both parts alike (lambda = 1).",
            "pytorch-metric-learning takes half of each part, follows the gradient through the weights, and adds "
            "0.00001 per sample to each sum of weights.",
        ),
        traps=(
            "Followed through its weights the loss would pull the further of the violating negatives inwards, because "
            "the weighted mean falls when they gain weight.",
            "Positives nearer than alpha - m are left alone, so classes keep an extent; without unit length both radii "
            "lose their meaning.",
            "Stuck at lambda times alpha (1.2 by default): all embeddings have become one point.",
        ),
    )
    boundary: float = param(
        1.2, low=0.01, high=10.0, unit="distance", help="alpha: radius outside which negatives are left alone"
    )
    margin: float = param(
        0.4,
        main="margin",
        low=0.0,
        high=10.0,
        unit="distance",
        help="how far inside the boundary positives are left alone",
    )
    temperature: float = param(
        10.0, low=0.0, high=100.0, help="how much the nearest negatives outweigh the others; 0 weighs all alike"
    )
    balance: float = param(1.0, low=0.0, high=100.0, help="lambda: weight of the negative part")

    @property
    def hardness_margin(self) -> float:
        return self.margin

    def curve(self, samples: FourSamples) -> np.ndarray:
        distances, held = samples.distances, samples.held.distances
        radius = self.boundary - self.margin
        is_far, is_near = POSITIVE & (held > radius), NEGATIVE & (held < self.boundary)
        weights = np.where(is_near, np.exp(-self.temperature * held), 0.0)
        pulled = np.where(is_far, distances - radius, 0.0).sum(2)  # a mean over one positive
        weight = np.where(is_near.any(2), weights.sum(2), 1.0)
        pushed = (weights * (self.boundary - distances)).sum(2) / weight
        return (pulled + self.balance * pushed).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has a pair; a part without a violating pair is 0."""
        distances = batch.distances.detach()
        radius = self.boundary - self.margin
        violating = Pairs(mined.positive & (distances > radius), mined.negative & (distances < self.boundary))
        sums = row_sums(batch.distances, violating, 0.0, -self.temperature)
        pulled = torch.where(sums.has_positive, sums.positive_mean - radius, 0)
        pushed = torch.where(sums.has_negative, self.boundary - sums.negative_mean, 0)
        has_pair = mined.positive.any(1) | mined.negative.any(1)
        return self.mean((pulled + self.balance * pushed)[has_pair])
