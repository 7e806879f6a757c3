from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.batch.euclidean import euclidean_matrix
from core.distances.base import Distance
from core.params import Card

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class SquaredEuclidean(Distance):
    """The sum of squared differences, as FaceNet compares; not a metric, since the triangle inequality fails.

    Between points of unit length it runs from 0 to 4 and equals 2 - 2 cos. Its push fades where points are close.
    """

    title = "squared Euclidean"
    in_numpy = "((first - second) ** 2).sum(axis=-1)"
    power = 2
    orders_as_cosine = True
    card = Card(
        formula=r"d_{ij} = \sum_k (x_{ik} - x_{jk})^2",
        paper="Schroff, Kalenichenko, Philbin 2015, FaceNet (CVPR)",
        dialects=(
            "FaceNet, the angular loss and the quadruplet loss compare squared distances; most others plain ones.",
        ),
        traps=(
            "Not a metric: the triangle inequality fails.",
            "A margin for squared distances is another one: two points 0.45 apart are 0.2 apart when squared.",
            "Its push fades where two points are close, so with the hardest negatives training collapses more easily.",
        ),
    )

    def largest(self, dimension: int) -> float:
        return 4.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(embeddings).square()
