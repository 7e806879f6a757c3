from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.batch.euclidean import euclidean_matrix
from core.distances.base import Distance
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Euclidean(Distance):
    """The straight line between two points: the square root of the sum of squared differences.

    Between points of unit length it runs from 0 to 2. Where two points coincide the gradient is 0: any direction would
    be as good.
    """

    title = "Euclidean"
    in_numpy = "np.sqrt(((first - second) ** 2).sum(axis=-1))"
    power = 1
    orders_as_cosine = True
    card = Card(
        formula=r"d_{ij} = \sqrt{ \sum_k (x_{ik} - x_{jk})^2 }",
        paper="Euclid, Elements, book I, proposition 47",
        dialects=(
            "Between points of unit length its square is 2 - 2 cos, so it ranks like the cosine without being "
            "proportional to it.",
        ),
        traps=(
            "Its gradient has length 1 however close two points are and no direction where they coincide: libraries "
            "that take the root of 0 carelessly train with NaN.",
            "A margin is a length: 0.2 suits unit length; without it the scale of the embeddings decides.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 2.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(embeddings)
