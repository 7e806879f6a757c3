from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix
from core.distances.base import Distance
from core.lazy import torch
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StandardisedEuclidean(Distance):
    """The Euclidean distance with every dimension divided by its standard deviation over the given points.

    The given points are the batch in training, where the gradient goes through the deviations too, and the whole
    snapshot in its statistics. Variances divide by N - 1. A dimension in which all points agree counts for nothing.
    """

    title = "standardised Euclidean"
    in_numpy = None
    power = 1
    card = Card(
        formula=r"d_{ij} = \sqrt{ \sum_k \frac{ (x_{ik} - x_{jk})^2 }{ s_k^2 } } , \qquad"
        r" s_k^2 = \frac{1}{N - 1} \sum_i (x_{ik} - \bar{x}_k)^2",
        paper="The Mahalanobis distance with a diagonal covariance; scipy calls it seuclidean",
        dialects=(
            "Libraries differ in the variance: divided by N - 1 here and by scipy's pdist, by N in many others; by "
            "N - 1/2 in scipy's cdist(x, x), which takes the points of both arguments together.",
        ),
        traps=(
            "A pair has another distance in another batch, because the deviations are those of the batch: small "
            "batches make it noisy.",
            "Scaling all embeddings changes nothing, so a loss cannot be lowered by the scale, nor does a margin "
            "bound it: distances are about sqrt(2 D).",
            "It makes noise as large as signal: a dimension that hardly varies counts as much as any other.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return inf

    def matrix(self, embeddings: Tensor) -> Tensor:
        centred = embeddings - embeddings.mean(0)
        variances = centred.square().sum(0) / max(len(embeddings) - 1, 1)
        varies = embeddings.detach().amax(0) > embeddings.detach().amin(0)
        # The inner choice keeps the gradient of the unused root finite.
        scales = torch.where(varies, torch.where(varies, variances, 1).rsqrt(), 0)
        return euclidean_matrix(centred * scales)

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        centred = np.subtract(embeddings, embeddings.mean(axis=0, dtype=np.float64), dtype=np.float64)
        variances = (centred * centred).sum(axis=0) / max(len(embeddings) - 1, 1)
        varies = embeddings.max(axis=0) > embeddings.min(axis=0)
        return centred * np.where(varies, 1 / np.sqrt(np.where(varies, variances, 1)), 0)
