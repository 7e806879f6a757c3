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

    def largest(self, dimension: int) -> float:
        """The distance of two points of unit length that are as far apart as can be."""
        raise NotImplementedError

    def matrix(self, embeddings: Tensor) -> Tensor:
        """(N, D) -> (N, N), with the gradient where the distance has one; equal rows are exactly as far as a row from
        itself."""
        raise NotImplementedError
