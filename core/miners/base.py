"""What every miner declares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from core.batch.mined import Band, Pairs, Triplets, all_pairs
from core.lazy import torch
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


class Classes(NamedTuple):
    """The rows (N,) of a batch class by class, each class in ascending order; and of each row (N,) where its class
    begins among them, of how many it is, and its own place in it."""

    rows: Tensor
    begin: Tensor
    size: Tensor
    place: Tensor


@dataclass(frozen=True)
class Candidates:
    """A batch as a miner sees it, without gradients: (N, N) distances of the experiment and (N,) labels.

    `margin` is that of the loss, `dimension` the D of the embeddings; `generator`, on the CPU, is for what is drawn.
    """

    distances: Tensor
    labels: Tensor
    margin: float
    dimension: int
    generator: Generator

    @cached_property
    def pairs(self) -> Pairs:
        """All pairs of the batch by their labels."""
        return all_pairs(self.labels)

    @cached_property
    def classes(self) -> Classes:
        """The rows of each class, as compiled functions take them."""
        _, number, sizes = self.labels.unique(return_inverse=True, return_counts=True)
        rows, begin = number.argsort(stable=True), (sizes.cumsum(0) - sizes)[number]
        place = torch.empty_like(rows)
        place[rows] = torch.arange(len(rows), device=rows.device)
        return Classes(rows, begin, sizes[number], place - begin)

    @cached_property
    def is_anchor(self) -> Tensor:
        """(N,) bool: which rows have a positive and a negative in the batch."""
        size = self.classes.size
        return (size > 1) & (size < len(size))

    @cached_property
    def furthest_positive(self) -> Tensor:
        """(N,) rows, the lower of two equally far ones; any row where there is no positive."""
        if len(self.labels) == 0:  # nothing has a furthest or a nearest in a batch of no rows
            return self.labels
        return self.distances.masked_fill(~self.pairs.positive, -inf).argmax(1)

    @cached_property
    def nearest_negative(self) -> Tensor:
        """(N,) rows, the lower of two equally near ones; any row where there is no negative."""
        if len(self.labels) == 0:
            return self.labels
        return self.distances.masked_fill(~self.pairs.negative, inf).argmin(1)

    def positive_pairs(self) -> tuple[Tensor, Tensor]:
        """The rows (P,), (P,) of every ordered positive pair whose anchor has a negative, by anchor, then positive."""
        rows, begin, size, own_place = self.classes
        counts = torch.where(self.is_anchor, size - 1, 0)
        anchor = torch.arange(len(rows), device=rows.device).repeat_interleave(counts)
        place = torch.arange(len(anchor), device=rows.device) - (counts.cumsum(0) - counts)[anchor]
        place += place >= own_place[anchor]  # past the anchor itself
        return anchor, rows[begin[anchor] + place]

    def to(self, rows: Tensor) -> Tensor:
        """(N,) rows -> (N,) distances from each row of the batch to its own among them."""
        return self.distances.gather(1, rows[:, None]).flatten()


@dataclass(frozen=True)
class Miner(Declared):
    """Chooses pairs or triplets of a batch, as they are or by a rule.

    A loss of pairs learns from the distinct pairs in the triplets, and from all pairs of the batch where all triplets
    are taken; a loss of triplets learns from all triplets that the pairs make up.
    """

    @property
    def is_random(self) -> bool:
        """Whether the generator decides, too, what is taken; otherwise the batch alone does."""
        return False

    def __call__(self, candidates: Candidates) -> Pairs | Triplets | Band:
        """What is taken of a batch, or the rule for it."""
        raise NotImplementedError
