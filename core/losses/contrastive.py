from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.indices import Pairs
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import param


@dataclass(frozen=True)
class Contrastive(Loss):
    """Pull pairs of one class together; push pairs of two classes apart until they are `margin` away.

    Hadsell, Chopra, LeCun 2006, equation 4: D^2 / 2 for a pair of one class, [margin - D]_+^2 / 2 otherwise, with
    the unsquared Euclidean distance D. Polarity: the paper's Y is 0 for a pair of one class.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}}
    margin: float = param(
        1.0, low=0.01, high=10.0, unit="distance", help="distance from which different classes are left alone"
    )
    mean_over: str = param(
        "all",
        choices=("all", "active"),
        help="average over all pairs, or only over those that still pull or push",
    )

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active" if self.mean_over == "active" else "all"

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per pair; a pair that is taken from both of its ends counts twice."""
        pulled = batch.distances.square() / 2
        pushed = torch.relu(self.margin - batch.distances).square() / 2
        return self.mean(torch.cat([pulled[mined.positive], pushed[mined.negative]]))
