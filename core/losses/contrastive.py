from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.batch.four_samples import FourSamples, hinge, mean_of_pairs
from core.batch.mined import Pairs
from core.batch.pair_sums import hinge_sums
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param


@dataclass(frozen=True)
class Contrastive(Loss):
    """Pull pairs of one class together; push pairs of two classes apart until they are `margin` away.

    Hadsell, Chopra, LeCun 2006, equation 4: D^2 / 2 for a pair of one class, [margin - D]_+^2 / 2 otherwise, with
    the unsquared Euclidean distance D. Polarity: the paper's Y is 0 for a pair of one class. Linear: D and
    [margin - D]_+, which push as hard near the margin as far from it.
    """

    consumes = Pairs
    suits = {"miner": {"kind": "all"}}
    suits_because = {"miner": "this loss learns from every pair of the batch"}
    card = Card(
        formula=r"\ell_{ij} = \tfrac{1}{2} [D_{ij} - m_+]_+^2 \;\text{(same)} , \quad"
        r" \ell_{ij} = \tfrac{1}{2} [m - D_{ij}]_+^2 \;\text{(different)} , \qquad"
        r" \text{linear: } [D_{ij} - m_+]_+ , \; [m - D_{ij}]_+",
        paper="Hadsell, Chopra, LeCun 2006, Dimensionality reduction by learning an invariant mapping (CVPR)",
        dialects=(
            "The paper: quadratic with the factor 1/2, no positive margin, embeddings of any length, the mean over all "
            "pairs.",
            "pytorch-metric-learning and Confusezius' benchmark: linear, a positive margin, each kind averaged on its "
            "own over the pairs above zero.",
            "Much code drops the factor 1/2, and much turns the label round (1 for a pair of one class).",
        ),
        traps=(
            "One margin for all classes asks for the same gap between near and distant kinds.",
            "A batch holds many more negative than positive pairs, so in the mean over all pairs the pull is weak; a "
            "miner of the ratio balances them.",
            "A collapsed batch costs m^2 / 2 (linear: m) per negative pair and nothing per positive one.",
        ),
    )
    margin: float = param(
        1.0,
        main="margin",
        low=0.01,
        high=10.0,
        unit="distance",
        help="distance from which different classes are left alone",
    )
    positive_margin: float = param(
        0.0, low=0.0, high=10.0, unit="distance", help="distance up to which pairs of one class are left alone"
    )
    shape: str = param(
        "quadratic", choices=("quadratic", "linear"), help="half the square of what a pair lacks, or what it lacks"
    )
    mean_over: str = param(
        "all",
        choices=("all", "active"),
        help="average over all pairs, or only over those that still pull or push",
    )

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active" if self.mean_over == "active" else "all"

    def curve(self, samples: FourSamples) -> np.ndarray:
        pulls, pushes = hinge(samples.distances - self.positive_margin), hinge(self.margin - samples.distances)
        if self.shape == "quadratic":
            pulls, pushes = pulls**2 / 2, pushes**2 / 2
        return mean_of_pairs(pulls, pushes)

    def __call__(self, batch: Batch, mined: Pairs) -> Terms:
        """One term per pair; a pair that is taken from both of its ends counts twice."""
        total, count, active = hinge_sums(
            batch.distances, mined, self.positive_margin, self.margin, is_squared=self.shape == "quadratic"
        )
        return self.averaged(total, count, active)
