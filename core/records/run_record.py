"""run.json, typed: what a run is of, what it was learned from and what it started from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from core.records.fields import JsonObject, values_of, written_fields
from core.records.kinds import Kind, kind_of_folder

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class DataRecord:
    """The data of a run and its protocol; counts are of points, `pair_count` and `fold_count` of runs of pairs.

    `label_names` are those of all labels, where `class_names` are those of the identities that pairs are of. `roles` is
    what `Roles.on_card` says, `understood` how a list of pairs was read, `command` the words behind `verify` by which
    the command line reads the same pairs; None where none does, or nobody kept them. `admitted` is the id of the set
    whose vectors were measured as they are.
    """

    digest: str
    class_names: tuple[str, ...]
    label_names: tuple[str, ...] | None = None
    roles: Mapping[str, Any] | None = None
    training_count: int
    evaluation_count: int
    probe_count: int
    evaluation_classes: int | None = None
    probe_classes: int | None = None
    pair_count: int | None = None
    fold_count: int | None = None
    protocol: str
    understood: str = ""
    command: tuple[str, ...] | None = None
    admitted: str | None = None
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "data in run.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        values = written_fields(self)
        return values if self.understood else {name: value for name, value in values.items() if name != "understood"}

    @property
    def names(self) -> tuple[str, ...]:
        """Of all labels of the points."""
        return self.class_names if self.label_names is None else self.label_names


@dataclass(frozen=True)
class ProbeSheet:
    """How the images of the probe set lie on probe.png: tiles in rows of `columns`."""

    columns: int
    tile_height: int
    tile_width: int
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "probe in run.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)


@dataclass(frozen=True)
class Origin:
    """What a fork starts from: the run, its title, the checkpoint by step, epoch and digest; and what was changed."""

    run: str
    title: str
    cure: str
    step: int
    epoch: float
    sha256: str
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "fork in run.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)


@dataclass(frozen=True)
class Withdrawal:
    """What was taken out of a run at the snapshot after `step` updates: rows of its points, or of its pairs where it is
    of listed or scored ones, by their numbers there. `file` is what the user brought, where the run is of a file, and
    `of` how many rows there were."""

    run: str
    step: int
    rows: tuple[int, ...]
    title: str
    file: str | None = None
    of: int | None = None
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of plain values, as JSON has them. Raises ValueError for what is damaged."""
        return cls(**values_of(cls, written, "without in run.json"))

    def written(self) -> JsonObject:
        """The plain values that `read` takes."""
        return written_fields(self)


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run; `experiment` describes the members of the families that the run has, which a brought one has few of.

    There are no `data` until a training has begun, and no `probe` where there are no images.
    """

    format: int = FORMAT
    id: str
    kind: Kind = Kind.TRAINED
    mathematics: int | None = None
    title: str
    fork: Origin | None = None
    created: str | None = None
    experiment: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, str] | None = None
    data: DataRecord | None = None
    probe: ProbeSheet | None = None
    without: Withdrawal | None = None
    other: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, written: object) -> Self:
        """Of run.json of this version or of an earlier one, which names no kind.

        Raises ValueError for a newer format and for what is damaged.
        """
        values = values_of(cls, written, "run.json")
        assert isinstance(written, Mapping), "values_of refuses what is no object"
        if values.get("format", FORMAT) > FORMAT:
            raise ValueError(
                f"run.json must have format {FORMAT} or older, got {values['format']}. Open it with a newer Metric Lab."
            )
        parts = {"data": DataRecord, "probe": ProbeSheet, "fork": Origin, "without": Withdrawal}
        read: JsonObject = {name: part.read(values[name]) for name, part in parts.items() if name in values}
        return cls(**values | read | {"kind": kind_of_folder(written)})

    def written(self) -> JsonObject:
        """The plain dictionary that `read` reads back."""
        parts = {"data": self.data, "probe": self.probe, "fork": self.fork, "without": self.without}
        values = written_fields(self) | {"kind": self.kind.value}
        return values | {name: part.written() for name, part in parts.items() if part is not None}

    @property
    def known_data(self) -> DataRecord:
        """The data. Raises ValueError for a training that has not begun."""
        if self.data is None:
            raise ValueError(f"the run {self.title} must have begun, got none of its data. Wait until it has.")
        return self.data

    @property
    def has_encoder(self) -> bool:
        """Whether its embeddings are made by an encoder of this code: of a training, or taken out of one."""
        return "dataset" in self.experiment

    @property
    def has_folds(self) -> bool:
        """Whether its pairs came in parts of a protocol; versions that did not say so had folds in every list."""
        count = None if self.data is None else self.data.fold_count
        return self.kind is Kind.LISTED if count is None else count > 0
