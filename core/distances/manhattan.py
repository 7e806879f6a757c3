from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.distances.base import Distance
from core.lazy import torch
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Manhattan(Distance):
    """The sum of absolute differences, as one walks along the streets of a grid.

    Between points of unit length it runs from 0 to 2 sqrt(D). In a dimension where two points agree the gradient is 0.
    """

    title = "Manhattan"
    in_numpy = "np.abs(first - second).sum(axis=-1)"
    card = Card(
        formula=r"d_{ij} = \sum_k \lvert x_{ik} - x_{jk} \rvert",
        paper="Minkowski 1910, Geometrie der Zahlen (p = 1); also called taxicab, city block or L1",
        dialects=("scipy calls it cityblock; the first Siamese networks for signatures and words compared by it.",),
        traps=(
            "It grows with the number of dimensions, about as their square root between points of unit length: a "
            "margin for 2 dimensions is far too small for 128.",
            "Turning all points together changes it, so the axes get a meaning.",
            "Every dimension pulls equally hard however small its difference, so close points tremble instead of "
            "settling.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 2 * sqrt(dimension)

    def matrix(self, embeddings: Tensor) -> Tensor:
        return torch.cdist(embeddings, embeddings, p=1.0)

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        from scipy.spatial.distance import cdist

        return cdist(first, second, "cityblock")
