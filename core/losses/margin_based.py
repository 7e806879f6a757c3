from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.batch.four_samples import FourSamples, hinge, mean_of_pairs
from core.batch.mined import Pairs
from core.batch.pair_sums import hinge_sums
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class MarginBased(Loss):
    """Keep positive pairs `margin` inside a boundary and negative pairs `margin` outside it; the boundary is learned.

    [margin + d - beta]_+ for a positive pair, [margin + beta - d]_+ for a negative one, with beta of the anchor's class
    (Wu et al. 2017, equation 6). Summed and divided by the number of pairs above zero, as the authors' code does.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss learns from every pair on the wrong side of the boundary"}
    card = Card(
        formula=r"\ell_{ij} = \left[ \alpha + y_{ij} \left( d_{ij} - \beta_{c(i)} \right) \right]_+ , \qquad"
        r" \frac{\partial}{\partial \beta_c} \sum_{ij} \ell_{ij} = \#\{\text{active negatives}\} - "
        r"\#\{\text{active positives}\}",
        paper="Wu, Manmatha, Smola, Krahenbuhl 2017, Sampling matters in deep embedding learning (ICCV)",
        dialects=(
            "The authors learn one boundary per class from 1.2, with margin 0.2, plain distances of unit length, a "
            "rate of its own (0.1 with momentum) and the pairs of distance-weighted sampling.",
            "The paper also allows an offset per image; its code has none.",
            "pytorch-metric-learning keeps the boundary fixed unless told otherwise and counts a pair once for every "
            "triplet that it occurs in.",
        ),
        traps=(
            "Without a rate of its own the boundary hardly moves in a short run.",
            "With many more negatives than positives above zero the boundary sinks until both are in balance; look at "
            "its course beside the distances.",
            "Stuck at margin + boundary (1.4 by default): all embeddings have become one point, and only negatives are "
            "active.",
        ),
    )
    margin: float = param(
        0.2, main="margin", low=0.0, high=10.0, unit="distance", help="alpha: how far from the boundary a pair must be"
    )
    boundary: float = param(1.2, low=0.0, high=100.0, unit="distance", help="beta: where the boundary starts")
    boundary_kind: str = param(
        "per class",
        choices=("per class", "shared", "fixed"),
        help="one for each class, one for all, or not learned",
    )
    boundary_rate: float = param(0.01, low=0.000001, high=1.0, help="learning rate of the boundary")
    boundary_weight: float = param(
        0.0,
        low=0.0,
        high=1.0,
        help="nu: weight of the boundary, summed over all pairs; above 0 draws it inwards",
    )

    @property
    def hardness_margin(self) -> float:
        """A positive just inside and a negative just outside are twice the margin apart."""
        return 2 * self.margin

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active"

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        if self.boundary_kind == "fixed":
            return {}
        return {"boundary": torch.full((class_count if self.boundary_kind == "per class" else 1,), self.boundary)}

    def learning_rates(self) -> dict[str, float]:
        return {} if self.boundary_kind == "fixed" else {"boundary": self.boundary_rate}

    def class_boundaries(self, learned: Mapping[str, Tensor]) -> Tensor | None:
        return learned.get("boundary")

    def curve(self, samples: FourSamples) -> np.ndarray:
        pulls = hinge(samples.distances - (self.boundary - self.margin))
        pushes = hinge(self.boundary + self.margin - samples.distances)
        return mean_of_pairs(pulls, pushes) + self.boundary_weight * self.boundary

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per pair; a pair that is taken from both of its ends counts twice, for both ends' boundaries."""
        boundary = self.of_each(batch)
        total, count, active = hinge_sums(
            batch.distances, mined, boundary - self.margin, boundary + self.margin, is_squared=False
        )
        weighed = None
        if self.boundary_weight:
            pairs = mined.positive.count_nonzero(1) + mined.negative.count_nonzero(1)
            weighed = self.boundary_weight * (pairs * boundary).sum()
        return self.averaged(total, count, active, added=weighed)

    def of_each(self, batch: Batch) -> Tensor:
        """The boundary of every anchor, (N,)."""
        if self.boundary_kind == "fixed":
            return batch.distances.new_full((len(batch.labels),), self.boundary)
        boundary = batch.learned["boundary"]
        return boundary[batch.labels] if self.boundary_kind == "per class" else boundary.expand(len(batch.labels))
