from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples, softplus
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_rows, cosines, cross_entropies_with, own_scores
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class CosFace(Loss):
    """Classify by the cosine with a learned direction per class, the own cosine made smaller by `margin`.

    Wang et al. 2018, equation 4: softmax over s cos(theta_j), with s (cos(theta_y) - m) for the own class; lengths of
    embeddings and directions are divided out.
    """

    consumes = None
    compares = "cosine"
    suits = {"sampler": {"kind": "shuffled"}}
    suits_because = {
        "sampler": "this loss compares each sample with learned class directions, so that a batch needs no pairs",
    }
    card = Card(
        formula=r"\ell_i = -\log \frac{e^{s (\cos\theta_{i y_i} - m)}}"
        r"{e^{s (\cos\theta_{i y_i} - m)} + \sum_{j \ne y_i} e^{s \cos\theta_{ij}}}",
        paper="Wang, Wang, Zhou, Ji, Gong, Zhou, Li, Liu 2018, CosFace: Large Margin Cosine Loss (CVPR)",
        dialects=(
            "The paper and pytorch-metric-learning have s = 64 and m = 0.35 for many classes; a few classes train "
            "better with a smaller scale, so 16 is the default here.",
            "AM-softmax (F. Wang et al. 2018) is the same formula with s = 30.",
        ),
        traps=(
            "With C classes the margin can be met by all at once only up to C / (C - 1), and the less room there is "
            "between the directions the smaller it must be.",
            "The scale decides how sharp the softmax is. Too small and the loss cannot fall although all samples are "
            "right; too large and only mistakes pull.",
        ),
    )
    margin: float = param(
        0.35, main="margin", low=0.0, high=2.0, unit="cosine", help="m, taken from the cosine with the own class"
    )
    scale: float = param(16.0, main="scale", low=1.0, high=128.0, help="s, factor on the cosines")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        return {"weight": class_rows(class_count, dimension, generator)}

    def curve(self, samples: FourSamples) -> np.ndarray:
        return softplus(self.scale * (samples.to_other_class - samples.to_own_class + self.margin)).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One cross-entropy per sample."""
        scores = cosines(batch.embeddings, batch.learned["weight"])  # (N, C)
        own = own_scores(scores, batch.labels) - self.margin
        return self.mean(cross_entropies_with(scores, batch.labels, own, self.scale))
