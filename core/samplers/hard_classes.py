"""Batches of classes that lie close together, and which classes these are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, ClassVar

from core.lazy import torch
from core.params import Card, param
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition, of_near_classes
from core.samplers.index_order import IndexOrder, rows_by_class

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor


@dataclass(frozen=True)
class HardClasses(Sampler):
    """Fill each batch with classes that the encoder still puts close together: P x K of nearest class centres.

    The first classes of the batches come in shuffled order, so that each gets its turn; then, one after another, the
    class joins whose centre is nearest on average to the centres of those chosen (Euclidean; at a tie the first).
    Centres are the mean embeddings of the training classes when the epoch begins. Samples come as in P x K.
    """

    needs_centres: ClassVar[bool] = True
    card = Card(
        formula=r"c_{k+1} = \arg\min_{c} \sum_{j \le k} \lVert \mu_c - \mu_{c_j} \rVert",
        paper="Sohn 2016 (NIPS), section 3.2.2, negative class mining: greedily the class that violates most",
        dialects=(
            "Sohn judges classes by a few of their samples, drawn for the purpose; here by the mean of all of them, as "
            "they are when the epoch begins.",
            "With K = 2 these are N-pair batches of hard classes.",
        ),
        traps=(
            "Where P is the number of classes there is nothing to choose: it is P x K.",
            "Classes that are alike because of wrong labels are put together again and again.",
            "A class that nothing resembles is seen only when its turn comes to be first.",
        ),
    )
    classes_per_batch: int = param(4, main="P", low=2, high=256, unit="classes", help="P, classes in a batch")
    samples_per_class: int = param(8, main="K", low=2, high=256, unit="samples", help="K, samples of each class")

    def check(self, class_count: int, sample_count: int) -> None:
        self._check_classes(self.classes_per_batch, class_count)

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        samples = [IndexOrder(rows, generator) for rows in rows_by_class(labels)]
        if centres is None or len(centres) != len(samples):
            got = "none" if centres is None else len(centres)
            raise ValueError(f"{self.name}: there must be {len(samples)} class centres, got {got}. Embed each class.")
        apart = torch.cdist(centres, centres, compute_mode="donot_use_mm_for_euclid_dist")
        first = IndexOrder(torch.arange(len(samples)), generator)
        batch_size = self.classes_per_batch * self.samples_per_class
        for _ in range(-(-len(labels) // batch_size)):
            chosen = nearest_together(apart, int(first.take(1)), self.classes_per_batch)
            yield torch.cat([samples[number].take(self.samples_per_class) for number in chosen])

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        return bool(class_counts.min() < 2)

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        return of_near_classes(class_counts, self.classes_per_batch, self.samples_per_class)


def nearest_together(apart: Tensor, first: int, count: int) -> list[int]:
    """(C, C) distances of the centres -> `count` class numbers, `first` first, each the nearest to those before it."""
    chosen, to_chosen = [first], apart[first].clone()
    for _ in range(count - 1):
        to_chosen[chosen[-1]] = inf
        chosen.append(int(to_chosen.argmin()))
        to_chosen += apart[chosen[-1]]
    return chosen
