"""What every sampler declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.params import Declared

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor

    from core.samplers.expected_batch import Composition


@dataclass(frozen=True)
class Sampler(Declared):
    """Cuts one epoch into batches."""

    # Whether `batches` must be given the class centres of the encoder as it is when the epoch begins.
    needs_centres: ClassVar[bool] = False

    def check(self, class_count: int, sample_count: int) -> None:
        """Raise a ValueError where this sampler cannot serve such a training set."""

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        """Whether a batch may hold a sample without another of its class, or one class alone, where the classes have
        these sizes, (C,)."""
        return True

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        """(N,) labels, centres (C, D) in the order of the labels -> row numbers of each batch of one epoch, (B,)
        int64, no row twice in a batch."""
        raise NotImplementedError

    def composition(self, class_counts: np.ndarray) -> Composition | None:
        """What a batch holds on average where the classes have these sizes, (C,); None where nobody worked it out."""
        return None

    def _check_classes(self, wanted: int, class_count: int) -> None:
        if wanted > class_count:
            raise ValueError(
                f"{self.name}: classes_per_batch must be at most the number of training classes ({class_count}), "
                f"got {wanted}. Choose a smaller classes_per_batch."
            )
