from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.euclidean import euclidean_matrix
from core.distances.base import Distance
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class DotProduct(Distance):
    """Minus the inner product of two points: smaller is closer, and close points are below 0.

    Computed as (|x - y|^2 - |x|^2 - |y|^2) / 2, because a matrix product alone may round the same product differently
    in different places, and equal points would then not be equally far.
    """

    title = "minus the dot product"
    in_numpy = "-(first * second).sum(axis=-1)"
    smallest = -1.0
    orders_as_cosine = True
    card = Card(
        formula=r"d_{ij} = - x_i \cdot x_j",
        paper="Sohn 2016, Improved deep metric learning with multi-class N-pair loss objective (NeurIPS)",
        dialects=(
            "Search engines for recommendation call it maximum inner product search and leave out the minus sign.",
            "Of points of unit length it is the cosine distance minus 1: it ranks alike, and margins are the same.",
        ),
        traps=(
            "Not a metric: a point is not at distance 0 from itself, and a long point may be closer to it than itself.",
            "Without unit length a loss can be lowered by longer embeddings alone; the N-pair loss pays for their "
            "length.",
            "Distances may be negative, so a margin counted from 0, as the contrastive loss has one, means little.",
        ),
    )

    @property
    def in_words(self) -> str:
        return self.title

    def largest(self, dimension: int) -> float:
        return 1.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        squares = embeddings.square().sum(1)
        return (euclidean_matrix(embeddings).square() - squares[:, None] - squares) / 2

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        # Not as a matrix product, which may round the same two points differently in different places.
        return -np.einsum("ad,bd->ab", first, second, dtype=np.float64)

    def reach(self, points: np.ndarray) -> float:
        return 2 * float(np.einsum("nd,nd->n", points, points, dtype=np.float64).max())
