"""How a head retrieves beside the vectors that it learned from, as result.json has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.records.fields import JsonObject, values_of, written_fields


@dataclass(frozen=True)
class VectorsBeside:
    """MAP@R of a trained space and of what it was trained on, as `name` says; `low` and `high` are the ends of the 95 %
    interval of the difference, trained minus untrained."""

    name: str
    trained: float
    untrained: float
    low: float
    high: float
    identities: int
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "beside_vectors in result.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    @property
    def is_worse(self) -> bool:
        """Whether the trained space retrieves worse on these samples, be it by chance or not."""
        return self.trained < self.untrained

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no doubt on which side of 0 the difference lies."""
        return self.low > 0 or self.high < 0
