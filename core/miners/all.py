from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from core.indices import Band
from core.miners.base import Miner

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class All(Miner):
    """Take every triplet of the batch (batch-all)."""

    def __call__(self, distances: Tensor, labels: Tensor, margin: float, generator: Generator) -> Band:
        return Band(-inf, inf)
