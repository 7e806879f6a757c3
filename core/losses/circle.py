from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge, log_sum, softplus
from core.batch.mined import Pairs
from core.batch.pair_sums import circle_exponents, row_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class Circle(Loss):
    """Let each similarity move at a pace of its own: the further from its optimum, the harder it is pulled.

    log(1 + sum_n e^(gamma [s_n + m]_+ (s_n - m)) sum_p e^(-gamma [1 + m - s_p]_+ (s_p - 1 + m))) per anchor, s the
    cosine (Sun et al. 2020, equations 6 to 8). The gradient holds the bracketed weights constant, as in the paper.
    """

    consumes = Pairs
    holds_weights = True
    compares = "cosine"
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss weighs every pair of the batch by what it lacks"}
    card = Card(
        formula=r"\ell_a = \log\Bigl( 1 + \sum_n e^{\gamma [s_{an} + m]_+ (s_{an} - m)} \cdot"
        r" \sum_p e^{-\gamma [1 + m - s_{ap}]_+ (s_{ap} - 1 + m)} \Bigr)",
        paper="Sun, Cheng, Zhang, Zhang, Zheng, Wang, Wei 2020, Circle loss: a unified perspective (CVPR)",
        dialects=(
            "The paper sets m = 0.25 with gamma = 256 for faces and 128 for persons, m = 0.4 with gamma = 80 for "
            "fine-grained retrieval.",
            "pytorch-metric-learning averages over the anchors above zero; here all anchors with both kinds count.",
        ),
        traps=(
            "The gradient is not that of the value, because the weights are held: a finite-difference check must hold "
            "them too.",
            "With a large gamma the value is about gamma times the worst pair, in the hundreds at the start: lower the "
            "learning rate before the margin.",
            "It looks at cosines whatever distance the experiment compares with, so lengths are never trained.",
        ),
    )
    margin: float = param(
        0.4,
        main="margin",
        low=0.0,
        high=1.0,
        unit="cosine",
        help="m: positives are wanted above 1 - m, negatives below m",
    )
    scale: float = param(80.0, main="scale", low=1.0, high=512.0, help="gamma: how sharply the worst pairs dominate")

    def curve(self, samples: FourSamples) -> np.ndarray:
        cosines, held = samples.cosines, samples.held.cosines
        pulls = self.scale * hinge(1 + self.margin - held) * (1 - self.margin - cosines)
        pushes = self.scale * hinge(held + self.margin) * (cosines - self.margin)
        return softplus(log_sum(pulls, POSITIVE) + log_sum(pushes, NEGATIVE)).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has both a positive and a negative pair."""
        directions = torch.nn.functional.normalize(batch.embeddings)
        exponents = circle_exponents(directions @ directions.T, mined.positive, self.margin, self.scale)
        sums = row_sums(exponents, mined, 1.0, 1.0)
        values = torch.nn.functional.softplus(sums.positive_log + sums.negative_log)
        return self.mean(values[sums.has_positive & sums.has_negative])
