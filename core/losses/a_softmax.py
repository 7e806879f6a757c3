from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_rows, cosines, cross_entropies_with, own_scores
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class ASoftmax(Loss):
    """Classify by the angle to a learned direction per class, the own angle multiplied by `multiple` (SphereFace).

    Liu et al. 2017, equations 6 and 7: softmax over |x| cos(theta_j), with |x| psi(theta_y) for the own class,
    psi(theta) = (-1)^k cos(m theta) - 2k for theta in [k pi / m, (k + 1) pi / m]. Directions have unit length, there is
    no bias, and x keeps its length. At first cos outweighs psi by lambda to 1, lambda = max(floor, start / (1 + rate *
    updates)), as in the authors' code.
    """

    consumes = None
    compares = "class scores"
    suits = {
        "sampler": {"kind": "shuffled"},
        "encoder": {"normalise": False},
        "schedule": {"learning_rate": 0.003},
    }
    suits_because = {
        "sampler": "this loss compares each sample with learned class weights, so that a batch needs no pairs",
        "encoder": "the length of an embedding is the scale of its scores",
        "schedule": "its results here were measured with this learning rate",
    }
    card = Card(
        formula=r"\ell_i = -\log \frac{e^{z_i}}{e^{z_i} + \sum_{j \ne y_i} e^{\|x_i\| \cos\theta_{ij}}}, \qquad"
        r" z_i = \|x_i\| \, \frac{\lambda \cos\theta_{i y_i} + \psi(\theta_{i y_i})}{1 + \lambda}, \qquad"
        r" \psi(\theta) = (-1)^k \cos(m\theta) - 2k",
        paper="Liu, Wen, Yu, Li, Raj, Song 2017, SphereFace: Deep Hypersphere Embedding for Face Recognition (CVPR)",
        dialects=(
            "The paper's equation has no lambda; its code needs it to start and never lets it fall below 5, which its "
            "authors compare with a multiple of about 1.5.",
            "pytorch-metric-learning has no annealing, as here with start and floor 0.",
            "L-softmax (Liu et al. 2016) is the same without unit length of the directions.",
        ),
        traps=(
            "Without annealing a multiple of 4 may not start at all: psi is steep for large angles and |x| shrinks "
            "instead.",
            "The loss rises while lambda falls, because the task gets harder: that is no sign of divergence.",
            "It judges angles. Lengths are free, so compare embeddings by their cosine or divide out their length.",
            "An annealing made for thousands of updates barely begins in a short run.",
        ),
    )
    multiple: int = param(
        4, main="m", choices=(1, 2, 3, 4), help="m, how many times the own angle counts; 1 has no margin"
    )
    annealing_start: float = param(1000.0, low=0.0, high=100000.0, help="lambda before the first update")
    annealing_rate: float = param(0.12, low=0.0, high=10.0, help="how fast lambda falls with the updates")
    annealing_floor: float = param(5.0, low=0.0, high=1000.0, help="lambda falls no further than this")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        return {"weight": class_rows(class_count, dimension, generator)}

    def annealing(self, step: int) -> float:
        """lambda, the weight of cos against psi in update `step`, counted from 1."""
        return max(self.annealing_floor, self.annealing_start / (1 + self.annealing_rate * step))

    def curve(self, samples: FourSamples) -> np.ndarray:
        """As in the first update."""
        weight, own = self.annealing(1), samples.to_own_class
        angles = np.arccos(np.clip(own, -1, 1))
        sector = np.floor(self.multiple * angles / pi)
        psi = (-1) ** sector * np.cos(self.multiple * angles) - 2 * sector
        return softplus(samples.to_other_class - (weight * own + psi) / (1 + weight)).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One cross-entropy per sample."""
        lengths = torch.linalg.vector_norm(batch.embeddings, dim=1)
        angles = cosines(batch.embeddings, batch.learned["weight"])  # (N, C)
        own = own_scores(angles, batch.labels)
        weight = self.annealing(batch.step)
        own = (weight * own + self.psi(own)) / (1 + weight)
        return self.mean(cross_entropies_with(lengths[:, None] * angles, batch.labels, lengths * own, 1.0))

    def psi(self, cosine: Tensor) -> Tensor:
        """psi of the angles with these cosines, of the same shape; falls from 1 at angle 0 to 1 - 2m at pi.

        cos(m theta) is a polynomial of cos(theta), so that no arc cosine spoils the gradient at its ends.
        """
        square = cosine.square()
        multiplied = {
            1: lambda: cosine,
            2: lambda: 2 * square - 1,
            3: lambda: cosine * (4 * square - 3),
            4: lambda: 8 * square * (square - 1) + 1,
        }[self.multiple]()
        passed = sum((cosine < cos(k * pi / self.multiple)).to(cosine.dtype) for k in range(1, self.multiple))
        return (1 - 2 * (passed % 2)) * multiplied - 2 * passed
