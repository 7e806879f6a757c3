from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import LABELS, FourSamples, hinge, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_rows, class_sums, classifier, cross_entropies, own_scores
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class TripletCenter(Loss):
    """Classify by softmax, and keep every sample nearer to the centre of its class than to any other by `margin`.

    He et al. 2018, equation 4: [D(x, c_y) + m - min over j != y of D(x, c_j)]_+ with D = |x - c|^2 / 2, added to the
    cross-entropy with a weight. A batch that knows only one class has no other centre, and its hinge is 0.
    """

    consumes = None
    compares = "class scores"
    suits = {"encoder": {"normalise": False}, "schedule": {"learning_rate": 0.003}}
    suits_because = {
        "encoder": "its margin is far larger than unit length allows",
        "schedule": "its results here were measured with this learning rate",
    }
    card = Card(
        formula=r"\ell_i = \lambda \left[ D(x_i, c_{y_i}) + m - \min_{j \ne y_i} D(x_i, c_j) \right]_+"
        r" - \log \frac{e^{w_{y_i} \cdot x_i + b_{y_i}}}{\sum_j e^{w_j \cdot x_i + b_j}},"
        r" \qquad D(x, c) = \tfrac12 \left\| x - c \right\|^2",
        paper="He, Zhou, Zhou, Bai, Bai 2018, Triplet-Center Loss for Multi-View 3D Object Retrieval (CVPR)",
        dialects=(
            "The paper learns the centres; here they have a learning rate of their own.",
            "Read as 'the mean of a class' the centre is that of the batch, with a gradient to all its samples, or a "
            "running mean that follows without one.",
            "eriche2016 compares unsquared Euclidean distances and moves the centres by plain gradient descent.",
        ),
        traps=(
            "The margin is half a squared length: 5 asks for more than embeddings of unit length can give, where D is "
            "at most 2.",
            "A mean of the batch holds the sample itself, so a class with one sample in the batch is at distance 0 "
            "from its centre and a small class looks tighter than it is.",
            "With centres of the batch only the classes in it are kept apart.",
        ),
    )
    margin: float = param(
        5.0, main="margin", low=0.0, high=100.0, unit="half squared distance", help="gap between own and other"
    )
    centre_weight: float = param(0.1, low=0.0, high=10.0, help="lambda, weight of the hinge")
    softmax_weight: float = param(1.0, low=0.0, high=10.0, help="weight of the cross-entropy; 0 leaves the hinge alone")
    centres: str = param(
        "learned", choices=("learned", "batch mean", "running mean"), help="where the centre of a class comes from"
    )
    centre_learning_rate: float = param(0.01, low=0.000001, high=10.0, help="step size of learned centres")
    centre_rate: float = param(0.5, low=0.0, high=1.0, help="share of the batch's mean that a running mean takes over")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        start = classifier(class_count, dimension, generator)
        if self.centres != "batch mean":
            start["centres"] = class_rows(class_count, dimension, generator)
        return start

    def learning_rates(self) -> dict[str, float]:
        own = {"learned": {"centres": self.centre_learning_rate}, "running mean": {"centres": 0.0}}
        return own.get(self.centres, {})

    def class_points(self, learned: Mapping[str, Tensor]) -> Tensor | None:
        return learned.get("centres")

    def follow(self, batch: Batch) -> None:
        """Mix the batch's mean into the running mean of every class in the batch."""
        if self.centres != "running mean":
            return
        with torch.no_grad():
            centres = batch.learned["centres"]
            sums, counts = class_sums(batch.embeddings, batch.labels, len(centres))
            centres.add_(self.centre_rate * (sums - counts * centres) / counts.clamp_min(1))

    def curve(self, samples: FourSamples) -> np.ndarray:
        own, other = (
            samples.to_own_class,
            samples.to_other_class,
        )  # cosines with rows are those with centres of length 1
        entropies = softplus(other - own)
        if self.centres == "batch mean":
            means = samples.cosines.reshape(-1, 4, 2, 2).mean(3)  # (K, 4, 2) products with the mean of each class
            scores = means - means.reshape(-1, 2, 2, 2).mean(2)[:, [0, 1], [0, 1]][:, None, :] / 2
            own, other = scores[:, np.arange(4), LABELS], scores[:, np.arange(4), 1 - LABELS]
        hinges = hinge(self.margin + other - own)
        return (self.centre_weight * hinges + self.softmax_weight * entropies).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One term per sample: its hinge and its cross-entropy, each by its weight."""
        hinges = torch.relu(self.margin + self._nearest_other_minus_own(batch))
        entropies = cross_entropies(batch.embeddings, batch.labels, batch.learned)
        return self.mean(self.centre_weight * hinges + self.softmax_weight * entropies)

    def _nearest_other_minus_own(self, batch: Batch) -> Tensor:
        """D to the own centre minus D to the nearest other, (N,); minus infinity without another.

        The squares of the samples cancel: D(x, c_y) - D(x, c_j) = s_j - s_y with s = x . c - |c|^2 / 2.
        """
        if self.centres == "batch mean":
            sums, counts = class_sums(batch.embeddings, batch.labels, len(batch.learned["weight"]))
            centres, is_absent = sums / counts.clamp_min(1), counts[:, 0] == 0
        else:
            centres = batch.learned["centres"]
            is_absent = torch.zeros(len(centres), dtype=torch.bool, device=centres.device)
        scores = batch.embeddings @ centres.T - centres.square().sum(1) / 2  # (N, C)
        is_own = batch.labels[:, None] == torch.arange(len(centres), device=centres.device)
        return scores.masked_fill(is_own | is_absent, -inf).max(1).values - own_scores(scores, batch.labels)
