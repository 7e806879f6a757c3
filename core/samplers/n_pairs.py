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
class NPairs(Sampler):
    """Take two samples of each of N classes: one anchor and one positive for every class, and nothing else.

    Classes and samples come in shuffled order, as in P x K. Classes with a single sample have no pair and are
    left out; where fewer than N are left, a batch holds all of them. The two samples of a class follow one another.
    """

    card = Card(
        formula=r"\{(a_1, p_1), \dots, (a_N, p_N)\}, \quad y_{a_i} = y_{p_i} \ne y_{a_j} \text{ for } i \ne j",
        paper="Sohn 2016, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (NIPS), section 3.2",
        dialects=(
            "Sohn also gathers classes that are hard to tell apart: that is the sampler of hard classes with K = 2.",
            "The N of an N-pair batch counts pairs: it holds 2 N samples.",
        ),
        traps=(
            "Each anchor has N - 1 negatives in the N-pair loss, so with few classes the task is soon learned.",
            "Two samples say little about a class: losses that compare a whole class with itself want more of each.",
        ),
    )
    classes_per_batch: int = param(
        10, main="N", low=2, high=1024, unit="classes", help="N, classes and pairs in a batch"
    )

    def check(self, class_count: int, sample_count: int) -> None:
        self._check_classes(self.classes_per_batch, class_count)

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        samples = [IndexOrder(rows, generator) for rows in rows_by_class(labels) if len(rows) > 1]
        self._check_pairs(len(samples))
        classes = IndexOrder(torch.arange(len(samples)), generator)
        for _ in range(-(-len(labels) // (2 * self.classes_per_batch))):
            chosen = classes.take(self.classes_per_batch)
            yield torch.cat([samples[number].take(2) for number in chosen.tolist()])

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        return False

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        paired = class_counts[class_counts > 1]
        self._check_pairs(len(paired))
        batches = -(-int(class_counts.sum()) // (2 * self.classes_per_batch))
        parts = [2] * min(self.classes_per_batch, len(paired))
        return of_parts(paired, parts, batches, left_out=len(class_counts) - len(paired))

    def _check_pairs(self, classes: int) -> None:
        if classes < 2:
            raise ValueError(
                f"{self.name}: the training set must have at least 2 classes of 2 samples or more, got {classes}. "
                "Bring more samples of each class."
            )
