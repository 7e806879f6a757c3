"""What every sampler declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from core.params import Declared
from core.samplers.expected_batch import Composition, checked_counts

if TYPE_CHECKING:
    from torch import Generator, Tensor


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

    def expected_batch(self, class_counts: Sequence[int] | np.ndarray) -> Composition | None:
        """What a batch holds on average where the classes have these numbers of training samples, (C,); None where a
        sampler does not say.

        Raises ValueError for fewer than two classes, for a class without samples and where the sampler cannot serve
        such classes.
        """
        counts = checked_counts(class_counts)
        self.check(len(counts), int(counts.sum()))
        return self._expected_batch(counts.astype(np.float64))

    def _expected_batch(self, class_counts: np.ndarray) -> Composition | None:
        """The same for sizes that are checked, (C,) float64."""
        return None

    def _check_classes(self, wanted: int, class_count: int) -> None:
        if wanted > class_count:
            raise ValueError(
                f"{self.name}: classes_per_batch must be at most the number of training classes ({class_count}), "
                f"got {wanted}. Choose a smaller classes_per_batch."
            )
