from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, log_sum, softplus
from core.batch.mined import Pairs
from core.batch.pair_sums import row_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class MultiSimilarity(Loss):
    """Weigh every pair by its own cosine and by how it stands among the anchor's other pairs.

    log(1 + sum e^(-alpha (s_ap - base))) / alpha + log(1 + sum e^(beta (s_an - base))) / beta per anchor, s the cosine
    (Wang et al. 2019, equation 15).
    """

    consumes = Pairs
    compares = "cosine"
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss weighs all pairs of an anchor itself"}
    card = Card(
        formula=r"\ell_a = \frac{1}{\alpha} \log\left( 1 + \sum_p e^{-\alpha (s_{ap} - \lambda)} \right) +"
        r" \frac{1}{\beta} \log\left( 1 + \sum_n e^{\beta (s_{an} - \lambda)} \right)",
        paper="Wang, Han, Huang, Dong, Scott 2019, Multi-similarity loss with general pair weighting (CVPR)",
        dialects=(
            "The authors' code and pytorch-metric-learning set lambda to 0.5; alpha is 2, beta 40 to 50.",
            "The paper first keeps only pairs that violate the anchor's hardest pair of the other kind by a slack; "
            "here that is the miner of the same name.",
            "An anchor of which nothing is mined is left out of the mean here; pytorch-metric-learning counts it as 0.",
        ),
        traps=(
            "It looks at cosines whatever distance the experiment compares with, so lengths are never trained.",
            "With alpha = 2 the positives are pulled long after all negatives are out of the way: the value does not "
            "reach zero.",
        ),
    )
    alpha: float = param(2.0, main="alpha", low=0.01, high=200.0, help="sharpness among the positives of an anchor")
    beta: float = param(50.0, main="beta", low=0.01, high=200.0, help="sharpness among the negatives of an anchor")
    base: float = param(0.5, low=0.0, high=1.0, unit="cosine", help="similarity at which a pair starts to count")

    def curve(self, samples: FourSamples) -> np.ndarray:
        pulls = softplus(log_sum(-self.alpha * (samples.cosines - self.base), POSITIVE)) / self.alpha
        pushes = softplus(log_sum(self.beta * (samples.cosines - self.base), NEGATIVE)) / self.beta
        return (pulls + pushes).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has a pair."""
        directions = torch.nn.functional.normalize(batch.embeddings)
        sums = row_sums(directions @ directions.T, mined, -self.alpha, self.beta)
        softplus = torch.nn.functional.softplus
        pulled = softplus(sums.positive_log + self.alpha * self.base) / self.alpha
        pushed = softplus(sums.negative_log - self.beta * self.base) / self.beta
        has_pair = mined.positive.any(1) | mined.negative.any(1)
        return self.mean((pulled + pushed)[has_pair])
