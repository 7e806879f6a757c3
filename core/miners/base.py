"""What every miner declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.indices import Band, Pairs, Triplets
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Miner(Declared):
    """Chooses pairs or triplets of a batch, as they are or by a rule.

    A loss of pairs learns from the distinct pairs in the triplets, a loss of triplets from all triplets that the pairs
    make up.
    """

    def __call__(
        self, distances: Tensor, labels: Tensor, margin: float, generator: Generator
    ) -> Pairs | Triplets | Band:
        """(N, N) distances of the experiment, (N,), the loss's margin -> what is taken, or the rule for it."""
        raise NotImplementedError
