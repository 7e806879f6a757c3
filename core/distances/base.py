"""What every distance declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.params import Declared

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Distance(Declared):
    """How far apart two embeddings are; smaller is closer."""

    is_differentiable: ClassVar[bool] = True
    # Whether a longer embedding in the same direction is the same point to it.
    ignores_length: ClassVar[bool] = False
    # The distance of a point of unit length to itself, below which no two of them are.
    smallest: ClassVar[float] = 0.0

    def largest(self, dimension: int) -> float:
        """The distance of two points of unit length that are as far apart as can be; infinite where it has no bound."""
        raise NotImplementedError

    def matrix(self, embeddings: Tensor) -> Tensor:
        """(N, D) -> (N, N), with the gradient where the distance has one; equal rows are exactly as far as a row from
        itself."""
        raise NotImplementedError
