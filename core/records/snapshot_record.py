"""A line of maps.jsonl and one of snapshots.jsonl, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from core.records.fields import OTHER, JsonObject, values_of, written_fields


@dataclass(frozen=True)
class Diagnosis:
    """What collapsed (`total`, `class` or `dimensional`), in a sentence, with the numbers that say so."""

    kind: str
    sentence: str
    evidence: tuple[str, ...]

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        values = values_of(cls, written, "alarm in a line of snapshots.jsonl")
        del values[OTHER]
        return cls(**values)

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return asdict(self) | {"evidence": list(self.evidence)}


@dataclass(frozen=True, kw_only=True)
class MapRecord:
    """When a map was drawn and how: updates, epochs and seconds of training before it, and the method of the map."""

    step: int
    epoch: float
    seconds: float
    map: str
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "a line of maps.jsonl"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)


@dataclass(frozen=True, kw_only=True)
class SnapshotRecord(MapRecord):
    """The numbers of a snapshot; None for what its run has not: triplets and neighbours are those of embeddings, the
    errors those of many points, whose AUC and EER come from bins, `queries` and `gallery` those of roles."""

    hard: int | None = None
    semi_hard: int | None = None
    easy: int | None = None
    recall_at_1: float | None = None
    r_precision: float | None = None
    map_at_r: float | None = None
    points: int
    classes: int
    positive_pairs: int | None = None
    negative_pairs: int | None = None
    auc: float
    eer: float
    eer_threshold: float | None = None
    mean_positive_distance: float | None = None
    mean_negative_distance: float | None = None
    auc_error: float | None = None
    eer_error: float | None = None
    mean_distance_error: float | None = None
    mean_average_precision: float | None = None
    queries: int | None = None
    gallery: int | None = None
    spread: float | None = None
    spread_within: float | None = None
    effective_rank: float | None = None
    rank_share: float | None = None
    alarm: Diagnosis | None = None

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        values = values_of(cls, written, "a line of snapshots.jsonl")
        if "alarm" in values:
            values["alarm"] = Diagnosis.read(values["alarm"])
        return cls(**values)

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        values = written_fields(self)
        return values | {"alarm": self.alarm.written()} if self.alarm else values

    @property
    def triplets(self) -> int:
        """How many there are in all; 0 for a run of pairs."""
        return (self.hard or 0) + (self.semi_hard or 0) + (self.easy or 0)
