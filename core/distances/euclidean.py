from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.distances.base import Distance
from core.geometry import euclidean_matrix

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Euclidean(Distance):
    """The straight line between two points: the square root of the sum of squared differences.

    Between points of unit length it runs from 0 to 2. Where two points coincide the gradient is 0: any direction would
    be as good.
    """

    def largest(self, dimension: int) -> float:
        return 2.0

    def matrix(self, embeddings: Tensor) -> Tensor:
        return euclidean_matrix(embeddings)
