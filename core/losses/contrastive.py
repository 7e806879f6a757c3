from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.geometry import euclidean
from core.indices import Pairs
from core.lazy import torch
from core.losses.base import Loss
from core.params import param

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Contrastive(Loss):
    """Pull pairs of one class together; push pairs of two classes apart until they are `margin` away.

    Hadsell, Chopra, LeCun 2006, equation 4: D^2 / 2 for a pair of one class, [margin - D]_+^2 / 2 otherwise, with
    the unsquared Euclidean distance D. Polarity here: `is_same` is true for one class (the paper's Y is 0 then).
    """

    consumes = Pairs
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

    def __call__(self, embeddings: Tensor, labels: Tensor, mined: Pairs, learned: Mapping[str, Tensor]) -> Tensor:
        """(N, D), (N,), P pairs -> one value per pair (P,)."""
        distance = euclidean(embeddings, embeddings)[mined.first, mined.second]
        pulled = distance.square() / 2
        pushed = torch.relu(self.margin - distance).square() / 2
        return torch.where(mined.is_same, pulled, pushed)
