"""A line of steps.jsonl, typed, and all lines of the file as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import Self, overload

import numpy as np

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


NAMES = tuple(field.name for field in fields(Step))
VALUES = attrgetter(*NAMES)
WHOLE = tuple(field.type == "int" for field in fields(Step))


class Steps(Sequence[Step]):
    """Updates, oldest first, held as columns of float64, which has every whole number up to 2**53: a long run has tens
    of thousands, and as objects they take more than three times the memory.

    `+=` adds to them; what `+` gave before, or a slice, stays as it was.
    """

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        self._table, self._count = np.empty((0, len(NAMES))), 0
        self += steps

    def __iadd__(self, steps: Sequence[Step]) -> Self:
        count = self._count + len(steps)
        if count > len(self._table):
            grown = np.empty((count + count // 4, len(NAMES)))
            grown[: self._count] = self._table[: self._count]
            self._table = grown
        for row, step in enumerate(steps, start=self._count):
            self._table[row] = VALUES(step)
        self._count = count
        return self

    def __add__(self, steps: Sequence[Step]) -> Steps:
        both = _held(self._table[: self._count])  # which has no room for more, and begins a table of its own
        both += steps
        return both

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Step: ...

    @overload
    def __getitem__(self, place: slice) -> Steps: ...

    def __getitem__(self, place: int | slice) -> Step | Steps:
        rows = self._table[: self._count][place]
        if isinstance(place, slice):
            return _held(rows)
        return Step(*(int(value) if whole else value for value, whole in zip(rows.tolist(), WHOLE, strict=True)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Steps):
            return np.array_equal(self._table[: self._count], other._table[: other._count])
        return isinstance(other, list) and list(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(list(self))

    def column(self, name: str) -> np.ndarray:
        """(T,) float64: this field of every update, not to be written to."""
        values = self._table[: self._count, NAMES.index(name)]
        values.setflags(write=False)
        return values


def _held(table: np.ndarray) -> Steps:
    held = Steps()
    held._table, held._count = table, len(table)
    return held


def column(steps: Sequence[Step], name: str) -> np.ndarray:
    """(T,) float64: a field of every update."""
    return steps.column(name) if isinstance(steps, Steps) else Steps(steps).column(name)
