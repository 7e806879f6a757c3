from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.lazy import torch
from core.params import param
from core.samplers.base import Sampler

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class PByK(Sampler):
    """Fill each batch with P classes and K samples of each, so that every anchor has positives (P x K).

    Classes, and the samples of each class, are dealt from shuffled decks, so that each gets its turn before any gets
    another. A class with fewer than K samples gives all it has: nothing is repeated in a batch. An epoch is as many
    batches as it takes to see N samples.
    """

    classes_per_batch: int = param(10, low=2, high=256, unit="classes", help="P, classes in a batch")
    samples_per_class: int = param(8, low=2, high=256, unit="samples", help="K, samples of each class")

    def check(self, class_count: int, sample_count: int) -> None:
        if self.classes_per_batch > class_count:
            raise ValueError(
                f"{self.name}: classes_per_batch must be at most the number of training classes ({class_count}), "
                f"got {self.classes_per_batch}. Choose a smaller classes_per_batch."
            )

    def batches(self, labels: Tensor, generator: Generator) -> Iterator[Tensor]:
        decks = [_Deck((labels == label).nonzero().flatten(), generator) for label in labels.unique()]
        classes = _Deck(torch.arange(len(decks)), generator)
        batch_size = self.classes_per_batch * self.samples_per_class
        for _ in range(-(-len(labels) // batch_size)):
            chosen = classes.deal(self.classes_per_batch)
            yield torch.cat([decks[number].deal(self.samples_per_class) for number in chosen.tolist()])


class _Deck:
    """Rows dealt in shuffled order, round after round."""

    def __init__(self, rows: Tensor, generator: Generator) -> None:
        self.rows, self.generator = rows, generator
        self.left = rows[:0]

    def deal(self, count: int) -> Tensor:
        """The next `count` rows, all different, or all rows there are."""
        if len(self.left) < count:
            again = self.rows[torch.randperm(len(self.rows), generator=self.generator)]
            was_left = torch.isin(
                again, self.left
            )  # these go to the end of the new round: no row comes twice in a deal
            self.left = torch.cat([self.left, again[~was_left], again[was_left]])
        count = min(count, len(self.rows))
        dealt, self.left = self.left[:count], self.left[count:]
        return dealt
