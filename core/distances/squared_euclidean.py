from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.distances.base import Distance
from core.geometry import euclidean_matrix

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class SquaredEuclidean(Distance):
    """The sum of squared differences, as FaceNet compares; not a metric, since the triangle inequality fails.

    Between points of unit length it runs from 0 to 4 and equals 2 - 2 cos. Its push fades where points are close.
    """

    def largest(self, dimension: int) -> float:
        return 4.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(embeddings).square()
