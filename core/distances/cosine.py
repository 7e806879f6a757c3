from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix, unit_rows
from core.distances.base import Distance
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Cosine(Distance):
    """One minus the cosine of the angle between two points; their lengths do not matter.

    It is half the squared Euclidean distance of the points scaled to unit length, and is computed as that: of close
    directions 1 - cos would leave no digits. The zero vector has no direction; it stays where it is, 1/2 from all
    others.
    """

    title = "cosine"
    in_numpy = "((unit(first) * 0.5**0.5 - unit(second) * 0.5**0.5) ** 2).sum(axis=-1)"
    power = 2
    ignores_length = True
    orders_as_cosine = True
    card = Card(
        formula=r"d_{ij} = 1 - \frac{x_i \cdot x_j}{\lVert x_i \rVert \, \lVert x_j \rVert}",
        paper="Salton, Wong, Yang 1975, A vector space model for automatic indexing (Communications of the ACM)",
        dialects=(
            "pytorch-metric-learning compares by the cosine itself, larger is closer; scipy and scikit-learn by one "
            "minus it.",
            "Of points of unit length it is half the squared Euclidean distance, so both rank alike; a margin for one "
            "is half that for the other.",
        ),
        traps=(
            "Not a metric: the triangle inequality fails. The angle itself is one.",
            "Lengths are never trained, so weight decay and momentum may let them drift until the gradient, which "
            "falls with the length, is gone.",
            "Its push fades where two points are close, and where they are opposite.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 2.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(unit_rows(embeddings)).square() / 2

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        """Scaled to the length sqrt(1/2), so that the square needs no halving."""
        points = np.asarray(embeddings, dtype=np.float64)
        lengths = np.sqrt(np.einsum("nd,nd->n", points, points))[:, None]
        return points / np.where(lengths > 0, lengths, 1) * np.sqrt(0.5)
