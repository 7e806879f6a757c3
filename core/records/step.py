"""A line of steps.jsonl, typed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

from core.records.fields import OTHER, JsonObject, values_of


@dataclass(frozen=True, slots=True)
class Step:
    """One update, after which `epoch` epochs are done.

    `loss` is the mean over all terms = `active_share` x `active_mean`; shares lie in [0, 1]. The shares of easy,
    semi-hard and hard are taken over all triplets of the batch, in the loss's distance and with its margin, before
    the update; all three are 0 where the batch holds no triplet. `gradient_norm` is the Euclidean length of all
    gradients together. `effective_negatives` is what a miner that draws says of its chances (core/batch/mined.py,
    Triplets), otherwise 0.
    """

    step: int
    epoch: float
    loss: float
    active_share: float
    active_mean: float
    terms: int
    easy: float
    semi_hard: float
    hard: float
    gradient_norm: float
    seconds: float
    effective_negatives: float = 0.0

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        values = values_of(cls, written, "a line of steps.jsonl")
        del values[OTHER]
        return cls(**values)

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return asdict(self)
