"""What every miner declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.indices import Band, Triplets
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Miner(Declared):
    """Chooses triplets of a batch, by rows or by a rule. A loss of pairs learns from the distinct pairs in them."""

    def __call__(self, distances: Tensor, labels: Tensor, margin: float, generator: Generator) -> Triplets | Band:
        """(N, N) distances in the loss's own metric, (N,), the loss's margin -> rows, or the rule for them."""
        raise NotImplementedError
