from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix, shared_by_equal
from core.distances.base import Distance
from core.lazy import torch
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Mahalanobis(Distance):
    """The Euclidean distance after the given points are turned and scaled until their covariance is the identity.

    The given points are the batch in training, where the gradient goes through the covariance too, and the whole
    snapshot in its statistics. The covariance divides by N - 1, and a ridge of `ridge` times the mean variance is
    added to its diagonal: a batch has fewer points than a full rank would take.
    """

    title = "Mahalanobis"
    in_numpy = None
    power = 1
    card = Card(
        formula=r"d_{ij} = \sqrt{ (x_i - x_j)^\top \left( S + r \bar{s} I \right)^{-1} (x_i - x_j) } , \qquad"
        r" \bar{s} = \tfrac{1}{D} \operatorname{tr} S",
        paper="Mahalanobis 1936, On the generalised distance in statistics (Proceedings of the National Institute of "
        "Sciences of India)",
        dialects=(
            "Classical metric learning (Xing 2002, LMNN, ITML) learns the matrix instead of taking the inverse "
            "covariance; a linear layer before the Euclidean distance does the same.",
            "With the covariance within classes instead of that of all points it is what linear discriminant analysis "
            "compares by.",
        ),
        traps=(
            "With no more points than dimensions the covariance is singular, and the ridge alone decides how far apart "
            "points are in the directions that the batch does not show.",
            "It undoes what an encoder learned by stretching some directions: whitened, all of them count alike.",
            "A pair has another distance in another batch, and scaling all embeddings changes nothing.",
        ),
    )
    ridge: float = param(
        0.001, low=0.0001, high=1.0, unit="share of the mean variance", help="added to every variance before inverting"
    )

    def largest(self, dimension: int) -> float:
        return inf

    def matrix(self, embeddings: Tensor) -> Tensor:
        centred = embeddings - embeddings.mean(0)
        wide = centred.cpu().double()  # a small matrix, whose inverse needs the digits
        covariance = wide.T @ wide / max(len(embeddings) - 1, 1)
        mean_variance = covariance.diagonal().mean()
        ridge = self.ridge * torch.where(mean_variance > 0, mean_variance, 1)
        identity = torch.eye(len(covariance), dtype=wide.dtype)
        factor = torch.linalg.cholesky(covariance + ridge * identity)
        whitening = torch.linalg.solve_triangular(factor, identity, upper=False).T.to(centred)
        return euclidean_matrix(shared_by_equal(centred @ whitening, embeddings))

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        centred = np.subtract(embeddings, embeddings.mean(axis=0, dtype=np.float64), dtype=np.float64)
        covariance = centred.T @ centred / max(len(embeddings) - 1, 1)
        mean_variance = covariance.diagonal().mean()
        ridge = self.ridge * (mean_variance if mean_variance > 0 else 1)
        factor = np.linalg.cholesky(covariance + ridge * np.eye(len(covariance)))
        # Not as a matrix product, which may round equal rows differently in different places.
        return np.einsum("nd,ed->ne", centred, np.linalg.inv(factor))
