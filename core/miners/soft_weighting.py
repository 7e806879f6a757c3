from __future__ import annotations

from dataclasses import dataclass
from math import inf

from core.batch.mined import Band
from core.miners.base import Candidates, Miner
from core.params import Card, param


@dataclass(frozen=True)
class SoftWeighting(Miner):
    """Take every triplet, but let it count the less, the more surely it is already in the right order.

    As the focal loss weights samples: (1 - p)^focus, with p = sigmoid((d_an - d_ap) / temperature). A loss of pairs
    takes all pairs alike.
    """

    card = Card(
        formula=r"p_{apn} = \sigma\left(\frac{d_{an} - d_{ap}}{\tau}\right), \qquad w_{apn} = (1 - p_{apn})^{\gamma}",
        paper="After Lin, Goyal, Girshick, He, Dollár 2017, Focal Loss for Dense Object Detection (ICCV), for triplets",
        dialects=(
            "The focal loss multiplies a cross-entropy and lets the gradient flow through its weight; here the weight "
            "is held fixed and the loss may be any loss of triplets.",
            "Hard sampling (batch-hard, OHEM) gives each triplet 0 or 1; fast-reid weights pairs by a softmax instead.",
        ),
        traps=(
            "Soft weights look hardest at the hardest triplets, so wrong labels weigh most: keep the focus low on "
            "noisy labels.",
            "The mean is over the number of triplets, not over their weights, so the loss is smaller than without.",
        ),
    )
    focus: float = param(
        2.0, low=0.1, high=10.0, help="power of the weight; the higher, the harder the triplets that count"
    )
    temperature: float = param(
        0.2, low=0.001, high=100.0, unit="distance", help="difference of distances over which the weight falls"
    )

    def __call__(self, candidates: Candidates) -> Band:
        return Band(-inf, inf, self.focus, self.temperature)
