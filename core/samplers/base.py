"""What every sampler declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Sampler(Declared):
    """Cuts one epoch into batches."""

    def check(self, class_count: int, sample_count: int) -> None:
        """Raise a ValueError where this sampler cannot serve such a training set."""

    def batches(self, labels: Tensor, generator: Generator) -> Iterator[Tensor]:
        """(N,) labels -> row numbers of each batch of one epoch, (B,) int64."""
        raise NotImplementedError
