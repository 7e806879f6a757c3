from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge, log_sum
from core.batch.mined import Pairs
from core.batch.pair_sums import row_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class GeneralisedLifted(Loss):
    """Keep an anchor's furthest positives nearer than its nearest negatives, both measured by soft extremes.

    [log sum e^d_ap + log sum e^(m - d_an)]_+ per anchor (Hermans, Beyer, Leibe 2017, equation 9): batch-hard with the
    maximum and minimum smoothed, and lifted structured with every positive in play.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss looks for the soft extremes among all pairs of an anchor"}
    card = Card(
        formula=r"\ell_a = \left[ \log \sum_{p} e^{d_{ap}} + \log \sum_{n} e^{m - d_{an}} \right]_+",
        paper="Hermans, Beyer, Leibe 2017, In defense of the triplet loss (arXiv:1703.07737)",
        dialects=(
            "The paper trains without unit length; pytorch-metric-learning has the formula with m = 1 on unit length.",
            "Confusezius' benchmark adds 0.005 times the length of the embeddings.",
        ),
        traps=(
            "Soft extremes of many pairs lie well beyond the true ones: the value grows with the logarithm of the "
            "batch size and seldom reaches zero on embeddings of length 1.",
            "A collapsed batch costs ln(K - 1) + m + ln(number of negatives).",
        ),
    )
    margin: float = param(1.0, main="margin", low=0.0, high=10.0, unit="distance", help="gap between the soft extremes")

    @property
    def hardness_margin(self) -> float:
        return self.margin

    def curve(self, samples: FourSamples) -> np.ndarray:
        sums = log_sum(samples.distances, POSITIVE) + log_sum(-samples.distances, NEGATIVE)
        return hinge(sums + self.margin).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has both a positive and a negative pair."""
        sums = row_sums(batch.distances, mined, 1.0, -1.0)
        values = torch.relu(sums.positive_log + sums.negative_log + self.margin)
        return self.mean(values[sums.has_positive & sums.has_negative])
