from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.indices import Band
from core.miners.base import Miner
from core.params import param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class SemiHard(Miner):
    """Take every triplet whose negative is further than the positive, but by less than the margin.

    The band d_ap <= d_an < d_ap + margin (Schroff et al. 2015, section 3.2, who leave open which negative of the
    band to take; here all of them count).
    """

    margin: float = param(
        0.0, low=0.0, high=10.0, unit="distance", help="width of the band; 0 takes the margin of the loss"
    )

    def __call__(self, distances: Tensor, labels: Tensor, margin: float, generator: Generator) -> Band:
        return Band(0.0, self.margin or margin)
