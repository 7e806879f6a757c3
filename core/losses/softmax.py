from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Softmax(Loss):
    """Classify the training classes by a linear layer on the embedding: the baseline that knows no distances.

    Cross-entropy of softmax(scale * W f + b). With unit-length embeddings the plain logits are bounded by the
    length of the rows of W, so `scale` sharpens them; 1 is the textbook form.
    """

    consumes = None
    compares = "class scores"
    suits = {"sampler": {"kind": "shuffled"}}
    suits_because = {
        "sampler": "this loss compares each sample with learned class weights, so that a batch needs no pairs"
    }
    card = Card(
        formula=r"\mathcal{L} = -\frac{1}{N} \sum_i \log \frac{e^{s\, w_{y_i} \cdot f_i + b_{y_i}}}"
        r"{\sum_c e^{s\, w_c \cdot f_i + b_c}}",
        paper="The baseline of Musgrave, Belongie, Lim 2020, A metric learning reality check (ECCV)",
        dialects=(
            "Textbook: any length, with bias, s = 1; the embedding is the layer before the logits.",
            "Normalised softmax: rows and embeddings of unit length, no bias, s of 10 to 64, or a temperature 1 / s.",
        ),
        traps=(
            "It separates the classes it was trained on and asks for no distance, so classes may be long and thin, and "
            "their distances need no common threshold.",
            "With unit length and s = 1 the logits differ by little, so the loss stays well above 0 although every "
            "sample is classified correctly.",
            "Stuck at ln C: every class is equally likely for every sample.",
        ),
    )
    scale: float = param(1.0, main="scale", low=0.1, high=64.0, help="factor on the logits; 1 is the textbook form")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        weight = torch.randn(class_count, dimension, generator=generator) / dimension**0.5
        return {"weight": weight, "bias": torch.zeros(class_count)}

    def curve(self, samples: FourSamples) -> np.ndarray:
        return softplus(self.scale * (samples.to_other_class - samples.to_own_class)).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One cross-entropy per sample."""
        logits = self.scale * (batch.embeddings @ batch.learned["weight"].T) + batch.learned["bias"]  # (N, C)
        return self.mean(torch.nn.functional.cross_entropy(logits, batch.labels, reduction="none"))
