from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lazy import torch
from core.params import Card, param
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition, of_parts
from core.samplers.index_order import IndexOrder, rows_by_class

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor


@dataclass(frozen=True)
class PByK(Sampler):
    """Fill each batch with P classes and K samples of each, so that every anchor has positives (P x K).

    Classes, and the samples of each class, come in shuffled order, so that each gets its turn before any gets
    another. A class with fewer than K samples gives all it has: nothing is repeated in a batch. An epoch is as many
    batches as it takes to see N samples.
    """

    card = Card(
        formula=r"PK(K-1)(PK-K) \text{ ordered triplets in a batch of } P \times K",
        paper="Hermans, Beyer, Leibe 2017 (arXiv:1703.07737), section 2; there P = 18 and K = 4",
        dialects=(
            "Hermans: a class with fewer than K samples repeats some of them; here it gives what it has.",
            "pytorch-metric-learning (MPerClassSampler) draws the classes anew for every batch.",
            "With P = all classes only the samples change from batch to batch.",
        ),
        traps=(
            "K = 1 leaves an anchor without positives, P = 1 without negatives: neither is offered.",
            "Rare classes are seen as often as frequent ones, so a network learns another balance than the data has.",
            "With few classes a shuffled batch of the same size can hold more triplets than P x K does.",
        ),
    )
    classes_per_batch: int = param(10, main="P", low=2, high=256, unit="classes", help="P, classes in a batch")
    samples_per_class: int = param(8, main="K", low=2, high=256, unit="samples", help="K, samples of each class")

    def check(self, class_count: int, sample_count: int) -> None:
        self._check_classes(self.classes_per_batch, class_count)

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        samples = [IndexOrder(rows, generator) for rows in rows_by_class(labels)]
        classes = IndexOrder(torch.arange(len(samples)), generator)
        batch_size = self.classes_per_batch * self.samples_per_class
        for _ in range(-(-len(labels) // batch_size)):
            chosen = classes.take(self.classes_per_batch)
            yield torch.cat([samples[number].take(self.samples_per_class) for number in chosen.tolist()])

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        return bool(class_counts.min() < 2)

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        return of_parts(class_counts, [self.samples_per_class] * self.classes_per_batch)
