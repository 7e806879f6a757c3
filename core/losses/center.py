from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import FourSamples, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_sums, classifier, cross_entropies
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Center(Loss):
    """Classify by softmax, and pull every sample towards the centre of its class, which follows its samples.

    Wen et al. 2016, equations 2 to 5: cross-entropy + lambda / 2 |x - c_y|^2 for each sample. Centres are moved by no
    gradient: after each update c_j -= a * sum over the batch's n_j samples of (c_j - x) / (1 + n_j).
    """

    consumes = None
    compares = "class scores"
    suits = {
        "sampler": {"kind": "shuffled"},
        "encoder": {"normalise": False},
        "schedule": {"learning_rate": 0.003},
    }
    suits_because = {
        "sampler": "this loss compares each sample with learned weights and centres, so that a batch needs no pairs",
        "encoder": "its classifier and centres use the lengths of embeddings",
        "schedule": "its results here were measured with this learning rate",
    }
    card = Card(
        formula=r"\ell_i = -\log \frac{e^{w_{y_i} \cdot x_i + b_{y_i}}}{\sum_j e^{w_j \cdot x_i + b_j}}"
        r" + \frac{\lambda}{2} \left\| x_i - c_{y_i} \right\|^2, \qquad"
        r" c_j \leftarrow c_j - a \, \frac{\sum_{i: y_i = j} (c_j - x_i)}{1 + n_j}",
        paper="Wen, Zhang, Li, Qiao 2016, A Discriminative Feature Learning Approach for Deep Face Recognition (ECCV)",
        dialects=(
            "The paper sums both parts over the batch and the Caffe layer averages both, so lambda weighs one sample's "
            "pull against its cross-entropy; that is the reduction 'mean' here.",
            "With the reduction 'sum' the pull is summed beside an averaged cross-entropy, and lambda in effect grows "
            "with the batch: 0.003 at 80 samples pulls like 0.24.",
            "KaiyangZhou leaves out the factor 1/2 and moves the centres by the gradient; Quaterion compares unit "
            "vectors by the mean over dimensions with lambda 0.5. The same lambda means something else in each.",
        ),
        traps=(
            "Only the softmax part keeps classes apart. With softmax weight 0 nothing does: the loss falls towards 0, "
            "and all embeddings in one point would be its optimum.",
            "A large lambda does the same more slowly: the spread of the classes falls along with that of the samples.",
            "A class absent from the batch does not move, and a class with one sample moves half as far as it could.",
        ),
    )
    softmax_weight: float = param(1.0, low=0.0, high=10.0, help="weight of the cross-entropy; 0 leaves the pull alone")
    centre_weight: float = param(
        0.003, main="pull", low=0.0, high=10.0, help="lambda, weight of the pull towards the centre"
    )
    centre_rate: float = param(0.5, low=0.0, high=1.0, help="a, share of the way that a centre moves in each update")
    reduction: str = param(
        "mean", choices=("mean", "sum"), help="whether the pull is averaged or summed beside the mean cross-entropy"
    )

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        return {**classifier(class_count, dimension, generator), "centres": torch.zeros(class_count, dimension)}

    def learning_rates(self) -> dict[str, float]:
        return {"centres": 0.0}

    def class_points(self, learned: Mapping[str, Tensor]) -> Tensor:
        return learned["centres"]

    def follow(self, batch: Batch) -> None:
        """Move the centre of every class in the batch towards its samples."""
        with torch.no_grad():
            centres = batch.learned["centres"]
            sums, counts = class_sums(batch.embeddings, batch.labels, len(centres))
            centres.sub_(self.centre_rate * (counts * centres - sums) / (1 + counts))

    def curve(self, samples: FourSamples) -> np.ndarray:
        entropies = softplus(samples.to_other_class - samples.to_own_class)
        weight = self.centre_weight * (4 if self.reduction == "sum" else 1)
        return (self.softmax_weight * entropies + weight * (1 - samples.to_own_class)).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One term per sample: its cross-entropy and its pull, each by its weight."""
        pulls = (batch.embeddings - batch.learned["centres"][batch.labels]).square().sum(1) / 2
        weight = self.centre_weight * (len(pulls) if self.reduction == "sum" else 1)
        entropies = cross_entropies(batch.embeddings, batch.labels, batch.learned)
        return self.mean(self.softmax_weight * entropies + weight * pulls)
