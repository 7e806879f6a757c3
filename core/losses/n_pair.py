from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.batch.four_samples import FourSamples
from core.losses.base import Batch, Loss, Terms
from core.losses.class_pairs import class_pairs, length_penalty, n_pair_curve, n_pair_terms
from core.params import Card, param


@dataclass(frozen=True)
class NPair(Loss):
    """Ask each anchor to pick its own positive out of one positive of every class in the batch, by dot products.

    Sohn 2016, equation 6 (multi-class N-pair): log(1 + sum over j of exp(a_i.p_j - a_i.p_i)), which is the
    cross-entropy over the matrix of products. The pair of a class is its first two rows in the order of the batch;
    further rows, and classes of one row, are not looked at. Embeddings keep their length; to keep it in bounds the
    objective has l2_weight / 4 * (mean |a|^2 + mean |p|^2) on top.
    """

    consumes = None
    compares = "dot product"
    suits = {"sampler": {"kind": "n-pairs"}, "encoder": {"normalise": False}}
    suits_because = {
        "sampler": "this loss looks at one pair of each class",
        "encoder": "this loss compares products, in which lengths count",
    }
    card = Card(
        formula=r"\frac{1}{M} \sum_i \log\Bigl(1 + \sum_{j \ne i} e^{a_i \cdot p_j - a_i \cdot p_i}\Bigr)"
        r" + \frac{\lambda}{4} \Bigl(\frac{1}{M} \sum_i \lVert a_i \rVert^2"
        r" + \frac{1}{M} \sum_i \lVert p_i \rVert^2\Bigr)",
        paper="Sohn 2016, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (NIPS)",
        dialects=(
            "The weight of the penalty: TensorFlow has 0.002 x 0.25, others 0.02 x 0.25 (the default here: write 0.02, "
            "the quarter is applied) or 0.02 without the quarter, which is 0.08 here; some penalise the length instead "
            "of its square.",
            "pytorch-metric-learning has no penalty and compares unit vectors unless told otherwise.",
            "Some take every sample of another class as a negative; Sohn takes one positive of each class.",
        ),
        traps=(
            "On unit vectors the products lie in [-1, 1], so the loss cannot fall below log(1 + (M - 1) e^-2) and "
            "hardly learns: leave the length free.",
            "Without a penalty the loss falls for ever by making embeddings longer.",
            "With more than two samples of a class the rest of them is computed and thrown away.",
            "Stuck at log M: all embeddings have become one point, or their length has gone to 0 because the penalty "
            "is too strong.",
        ),
    )
    l2_weight: float = param(
        0.02, low=0.0, high=10.0, help="pull of the squared length towards 0, applied as a quarter of it"
    )

    def curve(self, samples: FourSamples) -> np.ndarray:
        """All lengths are 1, so the penalty is a half of its weight."""
        return n_pair_curve(samples) + self.l2_weight / 2

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One cross-entropy per class of two samples or more; the penalty is in the objective alone."""
        anchor, positive = class_pairs(batch.labels)
        anchors, positives = batch.embeddings[anchor], batch.embeddings[positive]
        terms = self.mean(n_pair_terms(anchors, positives))
        if not self.l2_weight:
            return terms
        return terms._replace(objective=terms.objective + length_penalty(anchors, positives, self.l2_weight))
