from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
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
class Ratio(Sampler):
    """Choose how many samples each class gives so that a batch has r negative pairs for every positive pair.

    All pairs of the batch are meant. As many classes as it takes share the batch equally, then single samples move
    between them until the number of positive pairs is as close as such moves bring it to B (B - 1) / 2 / (1 + r): off
    by at most half the pairs that one more sample makes with the largest class, and never none. With 80 samples and
    r = 3 the parts are 26, 20, 19 and 15. Classes and samples come in shuffled order, and the parts go to the
    classes at random. A class with fewer samples than its part gives all it has, so that the ratio is then higher.
    """

    card = Card(
        formula=r"\sum_c k_c (k_c - 1) \approx \frac{B (B - 1)}{1 + r}, \qquad \sum_c k_c = B",
        paper="The ratio 1 : 3 is that of Liu et al. 2016, SSD (ECCV), for easy negatives in detection",
        dialects=(
            "Here the batch itself has the ratio. Others keep all positive pairs of any batch and draw, or take the "
            "hardest, r times as many negative ones: that is a matter for the miner.",
            "siamese-triplet pairs each positive pair with one negative pair, which is r = 1.",
        ),
        traps=(
            "A low ratio needs few classes in a batch, so an anchor meets few kinds of negatives.",
            "The ratio says how many negatives there are, not how hard they are, which matters more.",
        ),
    )
    batch_size: int = param(80, main="batch", low=4, high=2048, unit="samples", help="samples in a batch")
    negatives_per_positive: float = param(
        3.0, low=0.25, high=100.0, unit="pairs", help="r, negative pairs for each positive pair of the batch"
    )

    def parts(self) -> list[int]:
        """How many samples the classes of a batch give, largest first."""
        target = self.batch_size * (self.batch_size - 1) / (1 + self.negatives_per_positive)
        # Equal parts have the fewest pairs: the least number of classes that does not begin with too many.
        classes = max(2, ceil(self.batch_size**2 / (target + self.batch_size) - 1e-9))
        while _ordered_pairs(parts := _equal_parts(self.batch_size, classes)) > target and classes < self.batch_size:
            classes += 1
        lacking = target - _ordered_pairs(parts) if max(parts) > 1 else max(target, 2.0)
        while move := _best_move(parts, lacking):
            giver, taker, gain = move
            parts[giver] -= 1
            parts[taker] += 1
            lacking -= gain
        return sorted((part for part in parts if part), reverse=True)

    def check(self, class_count: int, sample_count: int) -> None:
        classes = len(self.parts())
        if classes > class_count:
            raise ValueError(
                f"{self.name}: the classes that the ratio takes must be at most the number of training classes "
                f"({class_count}), got {classes}. Lower negatives_per_positive (now {self.negatives_per_positive:g})."
            )

    def batches(self, labels: Tensor, generator: Generator, centres: Tensor | None = None) -> Iterator[Tensor]:
        samples = [IndexOrder(rows, generator) for rows in rows_by_class(labels)]
        classes, parts = IndexOrder(torch.arange(len(samples)), generator), torch.tensor(self.parts())
        for _ in range(-(-len(labels) // self.batch_size)):
            chosen = classes.take(len(parts)).tolist()
            counts = parts[torch.randperm(len(parts), generator=generator)].tolist()
            yield torch.cat([samples[number].take(count) for number, count in zip(chosen, counts, strict=True)])

    def can_isolate(self, class_counts: np.ndarray) -> bool:
        return bool(class_counts.min() < 2) or min(self.parts()) < 2

    def _expected_batch(self, class_counts: np.ndarray) -> Composition:
        return of_parts(class_counts, self.parts())


def _equal_parts(samples: int, classes: int) -> list[int]:
    return [samples // classes + (number < samples % classes) for number in range(classes)]


def _ordered_pairs(parts: list[int]) -> int:
    return sum(part * (part - 1) for part in parts)


def _best_move(parts: list[int], lacking: float) -> tuple[int, int, int] | None:
    """The move of one sample from a class to one no smaller that best fills the ordered positive pairs that lack.

    From a class of k to one of n samples it gains 2 (n - k + 1). Two classes are always left. None where every move
    would lead further off.
    """
    first = {part: len(parts) - 1 - number for number, part in enumerate(reversed(parts)) if part}
    last = {part: number for number, part in enumerate(parts) if part}
    least = 1 if sum(map(bool, parts)) > 2 else 2  # what a class must have to give a sample away
    moves = [
        (first[giver], last[taker], 2 * (taker - giver + 1))
        for giver in first
        for taker in last
        if least <= giver <= taker and first[giver] != last[taker]
    ]
    best = min(moves, key=lambda move: abs(lacking - move[2]), default=None)
    return best if best and abs(lacking - best[2]) < abs(lacking) else None
