"""What every miner declares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from core.indices import Band, Pairs, Triplets, all_pairs
from core.params import Declared

if TYPE_CHECKING:
    from torch import Generator, Tensor


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
        return all_pairs(self.labels)

    @cached_property
    def is_anchor(self) -> Tensor:
        """(N,) bool: which rows have a positive and a negative in the batch."""
        return self.pairs.positive.any(1) & self.pairs.negative.any(1)

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
        anchor, positive = (self.pairs.positive & self.is_anchor[:, None]).nonzero(as_tuple=True)
        return anchor, positive

    def to(self, rows: Tensor) -> Tensor:
        """(N,) rows -> (N,) distances from each row of the batch to its own among them."""
        return self.distances.gather(1, rows[:, None]).flatten()


@dataclass(frozen=True)
class Miner(Declared):
    """Chooses pairs or triplets of a batch, as they are or by a rule.

    A loss of pairs learns from the distinct pairs in the triplets, a loss of triplets from all triplets that the pairs
    make up.
    """

    @property
    def is_random(self) -> bool:
        """Whether the generator decides, too, what is taken; otherwise the batch alone does."""
        return False

    def __call__(self, candidates: Candidates) -> Pairs | Triplets | Band:
        """What is taken of a batch, or the rule for it."""
        raise NotImplementedError
