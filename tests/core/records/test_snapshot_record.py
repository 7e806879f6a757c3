"""A line of snapshots.jsonl, typed: nothing is lost on the way, and what a run has not is None."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from core.records.snapshot_record import Diagnosis, MapRecord, SnapshotRecord
from core.system.locations import ASSETS

SNAPSHOT = SnapshotRecord(step=20, epoch=2.0, seconds=1.5, map="umap", points=30, classes=3, auc=0.9, eer=0.125)
ALARM = Diagnosis("total", "Total collapse.", ("near", "nearer"))


def lines(name: str) -> list[dict[str, Any]]:
    files = sorted((ASSETS / "recorded").glob(f"*/{name}"))
    assert files
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_recorded_lines_are_written_as_they_were_in_their_order() -> None:
    for line in lines("snapshots.jsonl"):
        record = SnapshotRecord.read(line)
        assert json.dumps(record.written()) == json.dumps(line) and not record.other
        assert record.triplets == line["hard"] + line["semi_hard"] + line["easy"] > 0
    for line in lines("maps.jsonl"):
        assert json.dumps(MapRecord.read(line).written()) == json.dumps(line)


def test_an_alarm_is_read_back_as_it_was() -> None:
    record = replace(SNAPSHOT, alarm=ALARM)
    assert SnapshotRecord.read(json.loads(json.dumps(record.written()))) == record


def test_numbers_of_a_newer_version_are_kept() -> None:
    newer = SNAPSHOT.written() | {"tail": 0.25}
    assert SnapshotRecord.read(newer).other == {"tail": 0.25} and SnapshotRecord.read(newer).written() == newer


def test_what_a_run_of_pairs_has_not_is_none() -> None:
    assert (SNAPSHOT.hard, SNAPSHOT.recall_at_1, SNAPSHOT.auc_error, SNAPSHOT.queries) == (None, None, None, None)
    assert SNAPSHOT.alarm is None and SNAPSHOT.triplets == 0


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"eer": None}, "a line of snapshots.jsonl must hold a fitting eer, got none"),
        ({"step": "last"}, "must hold a fitting step, got 'last'"),
        ({"alarm": {"kind": "total"}}, "alarm in a line of snapshots.jsonl must hold a fitting sentence, got none"),
    ],
)
def test_damage_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SnapshotRecord.read(SNAPSHOT.written() | changes)
