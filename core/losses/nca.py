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
class Nca(Loss):
    """Have each sample draw its neighbour by a softmax over distances, and count how often it draws its own class.

    Goldberger et al. 2004, neighbourhood components analysis: p_ij = e^(-d_ij) / sum over k != i of e^(-d_ik), with
    squared Euclidean distances, and p_i the sum of p_ij over the samples of the class of i. Expected errors: 1 - p_i
    (the paper's objective turned round, equation 3 there). Logarithm: -log p_i (its second objective, by the
    Kullback-Leibler divergence). A sample without another of its class in the batch has no term.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}, "distance": {"kind": "squared-euclidean"}, "encoder": {"normalise": False}}
    suits_because = {
        "miner": "this loss draws from all other samples of the batch",
        "distance": "its softmax is over squared distances",
        "encoder": "how far the softmax looks is learned by the length of the embeddings",
    }
    card = Card(
        formula=r"p_{ij} = \frac{e^{-d_{ij} / \tau}}{\sum_{k \ne i} e^{-d_{ik} / \tau}} , \quad"
        r" \ell_i = 1 - \sum_{j : y_j = y_i} p_{ij} \;\text{ or }\; -\log \sum_{j : y_j = y_i} p_{ij}",
        paper="Goldberger, Roweis, Hinton, Salakhutdinov 2004, Neighbourhood components analysis (NIPS)",
        dialects=(
            "The paper and scikit-learn sum p over all samples of the set and ask for the most; here the mean of 1 - p "
            "over a batch: the same slope, turned round and divided by the number of anchors.",
            "pytorch-metric-learning has the logarithm, on unit vectors unless told otherwise, and a scale in place of "
            "the temperature.",
            "With plain distances in place of squared ones the softmax has longer tails; that is no NCA of the paper.",
        ),
        traps=(
            "A sample whose own class is far away has p near 0 and next to no slope: start near a space that is "
            "already sensible, or take the logarithm.",
            "On unit vectors squared distances end at 4, so the softmax stays flat unless the temperature is low.",
            "Values of two batch sizes cannot be compared: p is a share among the others of the batch.",
        ),
    )
    temperature: float = param(
        1.0, main="temperature", low=0.01, high=100.0, unit="distance", help="how far apart distances must be to matter"
    )
    shape: str = param(
        "expected errors", choices=("expected errors", "logarithm"), help="1 - p, or the logarithm of p turned round"
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        scores = -samples.distances / self.temperature
        excess = log_sum(scores, NEGATIVE) - log_sum(scores, POSITIVE)
        terms = softplus(excess) if self.shape == "logarithm" else np.exp(-softplus(-excess))
        return terms.mean(1)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per anchor that has a positive."""
        scale = -1 / self.temperature
        sums = row_sums(batch.distances, mined, scale, scale)
        excess = (sums.negative_log - sums.positive_log)[sums.has_positive]  # log of (1 - p) / p
        return self.mean(
            torch.nn.functional.softplus(excess, threshold=40.0) if self.shape == "logarithm" else torch.sigmoid(excess)
        )
