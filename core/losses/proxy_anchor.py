from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from core.batch.four_samples import LABELS, FourSamples, log_sum, softplus
from core.lazy import torch
from core.losses.base import Batch, Loss, Terms
from core.losses.class_rows import class_rows, cosines
from core.params import Card, param

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class ProxyAnchor(Loss):
    """Let a learned proxy of each class be the anchor that pulls its samples and pushes all others, hard ones most.

    Kim et al. 2020, equation 4, with cosines s: the mean over the classes in the batch of log(1 + sum over their
    samples of exp(-alpha (s - delta))), plus the mean over all classes of log(1 + sum over the other samples of
    exp(alpha (s + delta))).
    """

    consumes = None
    compares = "cosine"
    card = Card(
        formula=r"\ell = \frac{1}{|P^+|} \sum_{p \in P^+} \log\left( 1 + \sum_{x \in X_p^+}"
        r" e^{-\alpha (s(x, p) - \delta)} \right) + \frac{1}{|P|} \sum_{p \in P}"
        r" \log\left( 1 + \sum_{x \in X_p^-} e^{\alpha (s(x, p) + \delta)} \right)",
        paper="Kim, Kim, Cho, Kwak 2020, Proxy Anchor Loss for Deep Metric Learning (CVPR)",
        dialects=(
            "The authors and pytorch-metric-learning divide the pull by the classes in the batch and the push by all "
            "classes, as here.",
            "The authors' code gives the proxies a hundred times the learning rate of the network.",
        ),
        traps=(
            "Proxies that learn as slowly as the encoder stay where they started, and the embeddings are drawn to "
            "random places: give them a learning rate of their own.",
            "Its push needs only cosines below -delta, so with many classes in few dimensions it never ends.",
            "The proxies exist for training classes only; other classes are compared by the embeddings.",
        ),
    )
    alpha: float = param(32.0, main="alpha", low=1.0, high=256.0, help="how much harder samples count more")
    delta: float = param(0.1, main="delta", low=0.0, high=1.0, unit="cosine", help="margin on both sides of 0")
    proxy_rate: float = param(0.1, low=0.000001, high=10.0, help="step size of the proxies")

    def learned(self, class_count: int, dimension: int, generator: Generator) -> dict[str, Tensor]:
        return {"proxies": class_rows(class_count, dimension, generator)}

    def learning_rates(self) -> dict[str, float]:
        return {"proxies": self.proxy_rate}

    def class_points(self, learned: Mapping[str, Tensor]) -> Tensor:
        return torch.nn.functional.normalize(learned["proxies"])

    def curve(self, samples: FourSamples) -> np.ndarray:
        is_own = LABELS == np.array([[0], [1]])  # (classes, samples)
        scores = samples.to_classes.transpose(0, 2, 1)
        pulls = softplus(log_sum(self.alpha * (self.delta - scores), is_own))
        return (pulls + softplus(log_sum(self.alpha * (self.delta + scores), ~is_own))).mean(1)

    def __call__(self, batch: Batch, mined: None) -> Terms:
        """One term per proxy; its pull counts the more, the fewer classes are in the batch."""
        scores = cosines(batch.embeddings, batch.learned["proxies"])  # (N, C)
        is_own = batch.labels[:, None] == torch.arange(scores.shape[1], device=scores.device)
        pulls = _log_of_one_and_sum(self.alpha * (self.delta - scores), is_own)
        pushes = _log_of_one_and_sum(self.alpha * (self.delta + scores), ~is_own)
        present = int(is_own.any(0).sum())
        return self.mean(pulls * (len(pulls) / max(present, 1)) + pushes)


def _log_of_one_and_sum(exponents: Tensor, mask: Tensor) -> Tensor:
    """(N, C) -> log(1 + sum of exp over the rows taken) for each column, (C,); 0 where none is taken."""
    masked = exponents.masked_fill(~mask, -inf)
    return torch.cat([masked, masked.new_zeros(1, masked.shape[1])]).logsumexp(0)
