"""The order in which rows come: shuffled, and each gets its turn before any gets another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy import torch

if TYPE_CHECKING:
    from torch import Generator, Tensor


class IndexOrder:
    """Rows in shuffled order, round after round."""

    def __init__(self, rows: Tensor, generator: Generator) -> None:
        self.rows, self.generator = rows, generator
        self.left = rows[:0]

    def take(self, count: int) -> Tensor:
        """The next `count` rows, all different, or all rows there are."""
        if len(self.left) < count:
            again = self.rows[torch.randperm(len(self.rows), generator=self.generator)]
            was_left = torch.isin(again, self.left)  # to the end of the new round: no row comes twice in what is taken
            self.left = torch.cat([self.left, again[~was_left], again[was_left]])
        count = min(count, len(self.rows))
        taken, self.left = self.left[:count], self.left[count:]
        return taken


def rows_by_class(labels: Tensor) -> list[Tensor]:
    """(N,) -> the rows of each class, ascending, class by class in the order of the labels."""
    counts = labels.unique(return_counts=True)[1]
    return list(labels.argsort(stable=True).split(counts.tolist()))
