from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.geometry import distances_of
from core.indices import Triplets
from core.lazy import torch
from core.losses.base import Loss
from core.params import param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Triplet(Loss):
    """Keep each negative at least `margin` further from the anchor than the positive.

    Hinge: [d_ap - d_an + margin]_+ (Schroff et al. 2015, equation 3, which squares the distances; Weinberger and
    Saul 2009). Soft margin: log(1 + exp(d_ap - d_an)) (Hermans et al. 2017), which never stops pulling; its margin
    only tells semi-hard from easy.
    """

    consumes = Triplets
    margin: float = param(0.2, low=0.0, high=10.0, unit="distance", help="gap the loss asks for")
    shape: str = param("hinge", choices=("hinge", "soft margin"), help="hinge stops at the margin, soft margin never")
    squared: bool = param(False, help="compare squared distances, as FaceNet does")
    mean_over: str = param(
        "active", choices=("active", "all"), help="average only over triplets above zero, or over all of them"
    )

    @property
    def hardness_margin(self) -> float:
        return self.margin

    @property
    def hardness_squared(self) -> bool:
        return self.squared

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active" if self.mean_over == "active" else "all"

    def __call__(self, embeddings: Tensor, labels: Tensor, mined: Triplets, learned: Mapping[str, Tensor]) -> Tensor:
        """(N, D), (N,), T triplets -> one value per triplet (T,)."""
        distances = distances_of(embeddings, self.squared)
        difference = distances[mined.anchor, mined.positive] - distances[mined.anchor, mined.negative]
        if self.shape == "soft margin":
            return torch.nn.functional.softplus(difference)
        return torch.relu(difference + self.margin)
