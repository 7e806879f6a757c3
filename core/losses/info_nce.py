from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, log_sum, softplus
from core.batch.mined import NOTHING, Pairs
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class InfoNce(Loss):
    """Ask each sample to pick its own class out of the batch by a softmax over cosines (supervised contrastive).

    Khosla et al. 2020, with s = cosine / temperature, P the anchor's positives and A all that it is compared with.
    Outside the logarithm (equation 2): the mean over P of -log(e^s_p / sum over A of e^s). Inside (equation 3): -log of
    the mean over P of e^s_p / sum over A of e^s. One pair at a time (NT-Xent): for each pair -log(e^s_p / (e^s_p + sum
    over the negatives of e^s)). Where every class has two samples all three are the same.
    """

    consumes = Pairs
    compares = "cosine"
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss contrasts each positive with all other samples of the batch"}
    card = Card(
        formula=r"\ell_i = \frac{-1}{|P(i)|} \sum_{p \in P(i)}"
        r" \log \frac{e^{x_i \cdot x_p / \tau}}{\sum_{a \in A(i)} e^{x_i \cdot x_a / \tau}}",
        paper="van den Oord, Li, Vinyals 2018 (arXiv:1807.03748); Khosla et al. 2020, Supervised Contrastive Learning "
        "(NeurIPS); one pair at a time: Chen et al. 2020, SimCLR (ICML)",
        dialects=(
            "Khosla's mean outside the logarithm, which its authors prefer and pytorch-metric-learning calls SupCon, "
            "weighs all positives alike; inside the logarithm the nearest positive counts most.",
            "One pair at a time (NT-Xent) leaves the other positives out of the sum below, so they do not push each "
            "other apart; pytorch-metric-learning has it with temperature 0.07.",
            "The authors' code multiplies by temperature / 0.07, which here would only scale the learning rate.",
        ),
        traps=(
            "The value depends on the batch: a collapsed one costs the logarithm of how many samples an anchor is "
            "compared with, so values of two batch sizes cannot be compared.",
            "A low temperature listens to the hardest negatives only, and so to wrong labels.",
            "Outside the logarithm positives compete with each other, so the loss does not reach 0 when a class has "
            "more than two samples.",
        ),
    )
    temperature: float = param(
        0.1, main="temperature", low=0.01, high=2.0, unit="cosine", help="how far apart cosines must be to matter"
    )
    positives: str = param(
        "outside the logarithm",
        choices=("outside the logarithm", "inside the logarithm", "one pair at a time"),
        help="how several positives of one anchor are put together",
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        """Of each anchor there is one positive, so how several are put together makes no difference."""
        scores = samples.cosines / self.temperature
        return softplus(log_sum(scores, NEGATIVE) - log_sum(scores, POSITIVE)).mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has a positive; one pair at a time: per pair."""
        from core.batch.score_functions import Contrasts

        points = torch.nn.functional.normalize(batch.embeddings)
        scores = (points / self.temperature) @ points.T  # (N, N)
        if self.positives == "one pair at a time":
            excess = _log_sums(scores, mined.negative)[:, None] - scores
            return self.mean(torch.nn.functional.softplus(excess[mined.positive], threshold=40.0))
        if self.positives == "outside the logarithm":
            values, has_positive = Contrasts.apply(scores, *mined)
            return self.mean(values[has_positive])
        counts = mined.positive.sum(1).to(scores.dtype)
        totals = _log_sums(scores, mined.positive | mined.negative)
        taken = _log_sums(scores, mined.positive) - counts.clamp_min(1).log()
        return self.mean((totals - taken)[counts > 0])


def _log_sums(scores: Tensor, mask: Tensor) -> Tensor:
    """(N, N) -> log of the sum of exp over what the mask takes in each row, (N,); `NOTHING` for an empty row, of
    which minus infinity would have no gradient but NaN.
    """
    return scores.masked_fill(~mask, NOTHING).logsumexp(1)
