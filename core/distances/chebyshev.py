from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.distances.base import Distance
from core.lazy import torch
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Chebyshev(Distance):
    """The largest difference in any one dimension, as a king walks on a chessboard.

    Between points of unit length it runs from 0 to 2. Where points coincide the gradient is 0.
    """

    title = "Chebyshev"
    in_numpy = "np.abs(first - second).max(axis=-1)"
    card = Card(
        formula=r"d_{ij} = \max_k \lvert x_{ik} - x_{jk} \rvert",
        paper="Minkowski 1910, Geometrie der Zahlen (the limit of large p); also called maximum or L-infinity",
        dialects=("scipy calls it chebyshev, scikit-learn also infinity.",),
        traps=(
            "Only one dimension of each pair is pulled or pushed at a step, so training is slow in many dimensions.",
            "The more dimensions, the less two distances differ, and the smaller a margin must be.",
            "Turning all points together changes it, so the axes get a meaning.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 2.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return torch.cdist(embeddings, embeddings, p=inf)

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        from scipy.spatial.distance import cdist

        return cdist(first, second, "chebyshev")
