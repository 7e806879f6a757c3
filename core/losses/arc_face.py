from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples, softplus
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_rows, cosines, cross_entropies_with, own_scores
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class ArcFace(Loss):
    """Classify by the angle to a learned direction per class, the own angle made wider by `margin`.

    Deng et al. 2019, equation 3: softmax over s cos(theta_j), with s cos(theta_y + m) for the own class; lengths of
    embeddings and directions are divided out. Where theta_y + m would pass pi, cos(theta_y) - m sin(m) stands in, as
    in the authors' code, so that a wider angle always costs more.
    """

    consumes = None
    compares = "cosine"
    suits = {"sampler": {"kind": "shuffled"}}
    suits_because = {
        "sampler": "this loss compares each sample with learned class directions, so that a batch needs no pairs",
    }
    card = Card(
        formula=r"\ell_i = -\log \frac{e^{s \cos(\theta_{i y_i} + m)}}"
        r"{e^{s \cos(\theta_{i y_i} + m)} + \sum_{j \ne y_i} e^{s \cos\theta_{ij}}}",
        paper="Deng, Guo, Xue, Zafeiriou 2019, ArcFace: Additive Angular Margin Loss for Deep Face Recognition (CVPR)",
        dialects=(
            "The paper has s = 64 and m = 0.5 for tens of thousands of classes; a few classes train better with a "
            "smaller scale, so 16 is the default here.",
            "pytorch-metric-learning gives the margin in degrees: 28.6 are 0.5 radians.",
            "The authors' code can switch the margin off for angles beyond a right angle ('easy margin'); this is its "
            "other form.",
        ),
        traps=(
            "The scale decides how sharp the softmax is. Too small and the loss cannot fall although all samples are "
            "right; too large and only mistakes pull.",
            "A large margin from a random start may not train: begin with a smaller one.",
            "The directions exist for training classes only; other classes are compared by the embeddings.",
        ),
    )
    margin: float = param(
        0.5, main="margin", low=0.0, high=1.5, unit="radians", help="m, added to the angle to the own class"
    )
    scale: float = param(16.0, main="scale", low=1.0, high=128.0, help="s, factor on the cosines")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        return {"weight": class_rows(class_count, dimension, generator)}

    def curve(self, samples: FourSamples) -> np.ndarray:
        own = samples.to_own_class
        wider = cos(self.margin) * own - sin(self.margin) * np.sqrt(np.maximum(1 - own**2, 0))
        own = np.where(own > -cos(self.margin), wider, own - self.margin * sin(self.margin))
        return softplus(self.scale * (samples.to_other_class - own)).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One cross-entropy per sample."""
        from core.batch.score_functions import Widened

        scores = cosines(batch.embeddings, batch.learned["weight"])  # (N, C)
        wider = Widened.apply(own_scores(scores, batch.labels), self.margin)
        return self.mean(cross_entropies_with(scores, batch.labels, wider, self.scale))
