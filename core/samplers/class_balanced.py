from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lazy import torch
from core.params import Card, param
from core.samplers.base import Sampler
from core.samplers.expected_batch import Composition, of_random_classes
from core.samplers.index_order import rows_by_class

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor


@dataclass(frozen=True)
class ClassBalanced(Sampler):
    """Draw the class of every place in a batch with replacement, each class equally likely however large it is.

    Then a class gives as many different samples as it was drawn, or all it has: within a batch no sample is repeated,
    since a sample compared with itself is a pair that teaches nothing, so small classes can make a batch shorter.
    From batch to batch samples come back. An epoch is as many batches as it takes to draw N times.
    """

    card = Card(
        formula=r"\Pr(\text{class } c \text{ at a place of the batch}) = \frac{1}{C}",
        paper="The usual answer to unequal classes; Kang et al. 2020, Decoupling Representation and Classifier (ICLR)",
        dialects=(
            "The weighted samplers of torch and of others draw samples with weights 1 / size, with replacement also "
            "within a batch, which gives a class the same chance but repeats samples of small classes.",
        ),
        traps=(
            "Samples of small classes come back many times in an epoch and can be learned by heart.",
            "How many samples a class has in a batch is left to chance: P x K fixes it.",
        ),
    )
    batch_size: int = param(80, main="batch", low=2, high=2048, unit="samples", help="draws for a batch")

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        of_class = rows_by_class(labels)
        for _ in range(-(-len(labels) // self.batch_size)):
            drawn = torch.randint(len(of_class), (self.batch_size,), generator=generator)
            numbers, counts = drawn.unique(return_counts=True)
            parts = zip((of_class[number] for number in numbers.tolist()), counts.tolist(), strict=True)
            yield torch.cat([rows[torch.randperm(len(rows), generator=generator)[:count]] for rows, count in parts])

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        return of_random_classes(class_counts, self.batch_size)
