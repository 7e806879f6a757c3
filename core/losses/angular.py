from __future__ import annotations

from dataclasses import dataclass
from math import inf, radians, tan

import numpy as np

from core.batch.four_samples import NEGATIVE, FourSamples, log_sum, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.class_pairs import class_pairs, length_penalty, n_pair_curve, n_pair_terms
from core.params import Card, param


@dataclass(frozen=True)
class Angular(Loss):
    """Keep the angle at the negative small in the triangle of anchor, positive and negative.

    Wang et al. 2017: for a triplet [|a - p|^2 - 4 t |n - c|^2]_+ with the middle c = (a + p) / 2 and t = tan^2(angle).
    In a batch (equation 8): log(1 + sum over n of exp(f)) with f = 4 t (a + p).n - 2 (1 + t) a.p, which is what stands
    in the triplet's brackets less (1 - t) (|a|^2 + |p|^2) - 4 t |n|^2, a constant for unit vectors. Anchor and positive
    of a class are its first two rows in the order of the batch. Each class costs angular_weight times this plus
    n_pair_weight times its N-pair term; the paper's sum of both has the weights 2 and 1.
    """

    consumes = None
    compares = "dot product"
    suits = {"sampler": {"kind": "n-pairs"}, "encoder": {"normalise": False}}
    suits_because = {
        "sampler": "this loss looks at one pair of each class",
        "encoder": "this loss compares products, in which lengths count",
    }
    card = Card(
        formula=r"\frac{1}{M} \sum_i \log\Bigl(1 + \sum_{n} e^{f_{a_i p_i n}}\Bigr), \quad"
        r" f_{apn} = 4 \tan^2\!\alpha \, (a + p) \cdot n - 2 (1 + \tan^2\!\alpha) \, a \cdot p",
        paper="Wang, Zhou, Wen, Liu, Lin 2017, Deep Metric Learning with Angular Loss (ICCV)",
        dialects=(
            "Negatives of an anchor: the positives of the other classes, as in the N-pair loss, or every row of "
            "another class (pytorch-metric-learning).",
            "The authors use 36 to 55 degrees and leave the length free on both sides, as geonm does. "
            "pytorch-metric-learning (40 degrees) scales anchors and positives to unit length and takes the negatives "
            "as they are, so it is this form on unit vectors only. Others normalise all, for the angular part alone.",
            "The sum with the N-pair loss has the weights 1 and 2; one implementation divides it by 3.",
        ),
        traps=(
            "It has nothing to do with the A-softmax of SphereFace, whose angle lies between a sample and a class.",
            "The form with dot products is that of the triangle for unit vectors only, up to a constant. With free "
            "length it also rewards longer embeddings, so give them a penalty.",
            "Collapsed unit vectors cost log(1 + (M - 1) e^(6 t - 2)): at 45 degrees 4 + log(M - 1), not log M.",
        ),
    )
    angle: float = param(45.0, main="angle", low=5.0, high=80.0, unit="degrees", help="largest angle at the negative")
    negatives: str = param(
        "other positives",
        choices=("other positives", "all others"),
        help="one negative of each other class, or every row of another class",
    )
    angular_weight: float = param(1.0, low=0.0, high=100.0, help="factor on the angular term; 2 in the paper's sum")
    n_pair_weight: float = param(0.0, low=0.0, high=100.0, help="factor on the N-pair term; 1 in the paper's sum")
    l2_weight: float = param(
        0.02, low=0.0, high=10.0, help="pull of the squared length towards 0, applied as a quarter of it"
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        steepness = tan(radians(self.angle)) ** 2
        columns = [1, 3] if self.negatives == "other positives" else [0, 1, 2, 3]
        anchors, positives = [0, 2], [1, 3]
        products = samples.cosines[:, anchors][:, :, columns] + samples.cosines[:, positives][:, :, columns]
        own = samples.cosines[:, anchors, positives][:, :, None]
        exponents = 4 * steepness * products - 2 * (1 + steepness) * own
        values = self.angular_weight * softplus(log_sum(exponents, NEGATIVE[anchors][:, columns]))
        return values.mean(1) + self.n_pair_weight * n_pair_curve(samples) + self.l2_weight / 2

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One term per class of two samples or more; the penalty is in the objective alone."""
        anchor, positive = class_pairs(batch.labels)
        anchors, positives = batch.embeddings[anchor], batch.embeddings[positive]
        of_negative = (
            positive if self.negatives == "other positives" else torch.arange(len(batch.labels), device=anchor.device)
        )
        is_negative = batch.labels[anchor][:, None] != batch.labels[of_negative]
        steepness = tan(radians(self.angle)) ** 2
        products = (anchors + positives) @ batch.embeddings[of_negative].T  # (M, M) or (M, N)
        exponents = 4 * steepness * products - 2 * (1 + steepness) * (anchors * positives).sum(1, keepdim=True)
        # In the column of its own positive stands e^0: the one in the logarithm.
        exponents = exponents.masked_fill(~is_negative, -inf).masked_fill(of_negative == positive[:, None], 0.0)
        values = self.angular_weight * exponents.logsumexp(1)
        if self.n_pair_weight:
            values = values + self.n_pair_weight * n_pair_terms(anchors, positives)
        terms = self.mean(values)
        if not self.l2_weight:
            return terms
        return terms._replace(objective=terms.objective + length_penalty(anchors, positives, self.l2_weight))
