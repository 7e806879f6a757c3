"""The numbers by which runs are compared, in the order of every table: their names, where they stand, how they look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.records.snapshot_record import SnapshotRecord


class MainNumber(NamedTuple):
    """A number by the title that is shown and the key under which records and files have it."""

    title: str
    key: str
    digits: int = 3

    def of(self, numbers: SnapshotRecord | Mapping[str, Any]) -> Any:
        """Out of the record of a snapshot, or of numbers by their keys."""
        return getattr(numbers, self.key) if isinstance(numbers, SnapshotRecord) else numbers[self.key]

    def shown(self, numbers: SnapshotRecord | Mapping[str, Any]) -> str:
        """As every table shows it."""
        return f"{self.of(numbers):.{self.digits}f}"


RECALL_AT_1 = MainNumber("Recall@1", "recall_at_1")
MAP_AT_R = MainNumber("MAP@R", "map_at_r")
AUC = MainNumber("AUC", "auc")
EER = MainNumber("EER", "eer")
QUALITY = (RECALL_AT_1, MAP_AT_R, AUC)
