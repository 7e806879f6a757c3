"""The numbers of one snapshot under one choice of pairs, and how much that choice flatters, as result.json has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.records.fields import JsonObject, values_of, written_fields
from core.records.snapshot_record import SnapshotRecord

MEASURED = (
    "positive_pairs",
    "negative_pairs",
    "recall_at_1",
    "r_precision",
    "map_at_r",
    "mean_average_precision",
    "auc",
    "eer",
    "eer_threshold",
)
OF_ALL_PAIRS = (
    "hard",
    "semi_hard",
    "easy",
    "mean_positive_distance",
    "mean_negative_distance",
    "auc_error",
    "eer_error",
    "mean_distance_error",
)


@dataclass(frozen=True)
class Difference:
    """A number over all pairs minus the same over fewer, with the ends of its 95 % interval over identities."""

    value: float
    low: float
    high: float
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "a difference in result.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no doubt on which side of 0 it lies."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class ProtocolRecord:
    """Retrieval and verification where only some pairs count; `name` is that of a `PairProtocol`, `groups` how many
    values its column has. `flattery` is by the keys of numbers: what they would gain, were all pairs counted."""

    name: str
    groups: int
    positive_pairs: int
    negative_pairs: int
    left_out_positive: int
    left_out_negative: int
    queries: int
    queries_without_positive: int
    recall_at_1: float
    r_precision: float
    map_at_r: float
    mean_average_precision: float
    auc: float
    eer: float
    eer_threshold: float
    flattery: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "a protocol in result.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)

    def gained(self, key: str) -> Difference:
        """How much more a number would be over all pairs."""
        return Difference.read(self.flattery[key])

    def in_place_of(self, numbers: SnapshotRecord) -> SnapshotRecord:
        """The numbers of the snapshot with those under this protocol in their place; what is told of triplets and of
        mean distances is left out, which are known of all pairs alone."""
        own = {key: getattr(self, key) for key in MEASURED}
        return SnapshotRecord.read(numbers.written() | dict.fromkeys(OF_ALL_PAIRS) | own)
