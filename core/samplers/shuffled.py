from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lazy import torch
from core.params import Card, param
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition, of_random_samples

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Shuffled(Sampler):
    """Shuffle the training samples and cut them into batches; each sample once an epoch, the short rest last."""

    card = Card(
        formula=r"\text{batches} = \text{a random permutation} \quad \text{of } 1, \dots, N \text{, cut every } B",
        paper="The textbook sampler of stochastic gradient descent; FaceNet and its followers had to leave it",
        dialects=(
            "The short rest is kept here; many loaders drop it.",
            "Suits losses that look at single samples, such as softmax, center and the losses with proxies.",
        ),
        traps=(
            "With many classes hardly any batch holds two samples of one class, so losses of pairs and triplets see "
            "nothing to pull together: the composition beside the sampler says how often.",
            "Frequent classes fill the batches.",
        ),
    )
    batch_size: int = param(80, main="batch", low=2, high=2048, unit="samples", help="samples in a batch")

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        rows = torch.randperm(len(labels), generator=generator)
        batches = list(rows.split(self.batch_size))
        if len(batches) > 1 and len(batches[-1]) == 1:  # one sample alone has no pair: it joins the batch before
            batches[-2:] = [torch.cat(batches[-2:])]
        yield from batches

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        return bool(class_counts.min() < 2) or self.batch_size < class_counts.sum()

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        return of_random_samples(class_counts, self.batch_size)
