from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.batch.four_samples import NEGATIVE, POSITIVE, FourSamples, hinge, softplus
from core.batch.mined import Band, Pairs, Triplets
from core.losses.base import Batch, Loss, Terms
from core.losses.triplet_terms import triplet_terms
from core.params import Card, param


@dataclass(frozen=True)
class Triplet(Loss):
    """Keep each negative at least `margin` further from the anchor than the positive.

    Hinge: [d_ap - d_an + margin]_+ (Schroff et al. 2015, equation 3, with squared Euclidean distances;
    Weinberger and Saul 2009). Soft margin: log(1 + exp(d_ap - d_an)) (Hermans et al. 2017), which never stops pulling;
    its margin only tells semi-hard from easy.
    """

    consumes = Triplets
    sums_triplets = True
    card = Card(
        formula=r"\ell_{apn} = \left[ d_{ap} - d_{an} + m \right]_+ \quad\text{or}\quad"
        r" \ell_{apn} = \log\left(1 + e^{d_{ap} - d_{an}}\right)",
        paper="Schroff, Kalenichenko, Philbin 2015, FaceNet (CVPR); Hermans, Beyer, Leibe 2017 (arXiv:1703.07737)",
        dialects=(
            "FaceNet squares the distances, has unit length and m = 0.2; Hermans compares plain distances without unit "
            "length, with m from 0.1 to 1 or the soft margin.",
            "Mean over the triplets above zero (batch-all of Hermans, pytorch-metric-learning) or over all of them.",
            "pytorch-metric-learning: plain distances of unit length with m = 0.05.",
        ),
        traps=(
            "The mean over active triplets can rise while the model gets better, because the easy ones leave the mean: "
            "look at the active share beside it.",
            "Stuck at exactly m (soft margin: at ln 2 = 0.693): all embeddings have become one point.",
            "A margin is a length. 0.2 suits unit length; without it the scale of the embeddings decides.",
        ),
    )
    margin: float = param(0.2, main="margin", low=0.0, high=10.0, unit="distance", help="gap the loss asks for")
    shape: str = param("hinge", choices=("hinge", "soft margin"), help="hinge stops at the margin, soft margin never")
    mean_over: str = param(
        "active", choices=("active", "all"), help="average only over triplets above zero, or over all of them"
    )

    @property
    def hardness_margin(self) -> float:
        return self.margin

    @property
    def averages(self) -> Literal["active", "all"]:
        return "active" if self.mean_over == "active" else "all"

    def curve(self, samples: FourSamples) -> np.ndarray:
        difference = (
            samples.distances[:, :, :, None] - samples.distances[:, :, None, :]
        )  # (K, anchor, positive, negative)
        terms = softplus(difference) if self.shape == "soft margin" else hinge(difference + self.margin)
        return terms[:, POSITIVE[:, :, None] & NEGATIVE[:, None, :]].mean(1)

    def __call__(self, batch: Batch, mined: Triplets | Pairs | Band) -> Terms:
        """One term per triplet."""
        return triplet_terms(self, batch, mined, None if self.shape == "soft margin" else self.margin)
