"""What every distance declares.

Training compares by `matrix`, in torch with a gradient. Statistics compare by `between`, in numpy and in float64, after
`prepared` has made all points of a snapshot ready together; the two agree to rounding. Where `power` says that a
distance is the Euclidean one of the prepared points or its square, large sets are compared by matrix products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from core.params import Declared

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Distance(Declared):
    """How far apart two embeddings are; smaller is closer. It is the same from either end: statistics take each pair
    once."""

    title: ClassVar[str]  # on an axis
    # Of `first` and `second`, embeddings (D,) or (N, D), for a file that needs numpy alone (core/handover/snippet.py):
    # parameters stand in braces, `unit` scales to length 1. None where all points of a set decide, not two alone.
    in_numpy: ClassVar[str | None]
    is_differentiable: ClassVar[bool] = True
    # 1 for the Euclidean distance of the prepared points, 2 for its square, 0 for any other distance of them.
    power: ClassVar[Literal[0, 1, 2]] = 0
    # Whether a longer embedding in the same direction is the same point to it.
    ignores_length: ClassVar[bool] = False
    # The distance of a point of unit length to itself, below which no two of them are.
    smallest: ClassVar[float] = 0.0
    # Whether it orders pairs of points of unit length as their cosine does.
    orders_as_cosine: ClassVar[bool] = False

    @property
    def in_words(self) -> str:
        """Its name in running text."""
        return f"the {self.title} distance"

    def largest(self, dimension: int) -> float:
        """The distance of two points of unit length that are as far apart as can be; infinite where it has no bound."""
        raise NotImplementedError

    def matrix(self, embeddings: Tensor) -> Tensor:
        """(N, D) -> (N, N), with the gradient where the distance has one; equal rows are exactly as far as a row from
        itself.

        In float32, what scales or turns the points first (cosine, standardised, Mahalanobis) rounds them, too: of two
        points whose gap is the share g of their length, distance and gradient are then off by about 1e-7 / g.
        """
        raise NotImplementedError

    def prepared(self, embeddings: np.ndarray) -> np.ndarray:
        """(N, D) -> the points (N, D) that `between` compares; equal rows stay equal."""
        return embeddings

    def between(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Prepared points (A, D), (B, D) -> (A, B) float64; a distance depends on its two points alone."""
        from scipy.spatial.distance import cdist

        assert self.power, f"{self.name} must say what it is between two points"
        return cdist(first, second, "euclidean" if self.power == 1 else "sqeuclidean")

    def reach(self, points: np.ndarray) -> float:
        """A bound on the difference of any two distances among prepared points (N, D): by the triangle inequality twice
        the largest one from their mean, and where it is a square four times that."""
        from_mean = self.between(points, points.mean(axis=0, dtype=np.float64, keepdims=True))
        return (4 if self.power == 2 else 2) * float(from_mean.max())
