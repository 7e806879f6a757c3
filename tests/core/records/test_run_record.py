"""run.json, typed: read as it was written by this version and by older ones, damage named."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from core.distances import EUCLIDEAN
from core.experiment.experiment import Experiment
from core.jobs.measure_embeddings import Upload
from core.jobs.measure_roles import RoleUpload
from core.jobs.measure_scores import ScoredUpload
from core.records.kinds import Kind
from core.records.run_record import FORMAT, DataRecord, Origin, ProbeSheet, RunRecord, Withdrawal
from core.reidentification.roles import Roles
from core.system.locations import ASSETS
from core.verification.scored_pairs import ScoredPairs

POINTS, LABELS = np.random.default_rng(0).normal(size=(8, 2)), np.repeat(np.arange(4), 2)
PAIRS = ScoredPairs(np.arange(6.0), np.arange(6) % 2 == 0)
NAMES = ("a", "b", "c", "d")
DATA = DataRecord(
    digest="d",
    class_names=NAMES,
    training_count=5,
    evaluation_count=8,
    probe_count=8,
    evaluation_classes=4,
    probe_classes=4,
    protocol="closed-set, by sample",
)
FORK = Origin("1" * 32, "digits", "slower", 20, 2.0, "a" * 64)
RECORDS = {
    "trained": RunRecord(
        id="0" * 32,
        kind=Kind.TRAINED,
        mathematics=3,
        title="digits",
        fork=FORK,
        created="2026-01-31",
        experiment=Experiment().described(),
        versions={"python": "3"},
        data=DATA,
        probe=ProbeSheet(3, 8, 9),
    ),
    "not begun": RunRecord(id="0" * 32, title="digits", experiment=Experiment().described()),
    "embeddings": Upload("a.npz", POINTS, LABELS, NAMES, EUCLIDEAN).record(),
    "roles": RoleUpload("a.npz", POINTS, NAMES, EUCLIDEAN, Roles(LABELS, np.zeros(8, np.int8), None)).record(),
    "scores": ScoredUpload("a.csv", PAIRS, "larger is closer").record(),
    "listed": ScoredUpload("a.txt", PAIRS, distance=EUCLIDEAN).record(),
    "withdrawn": RunRecord(
        id="0" * 32,
        kind=Kind.WITHDRAWN,
        title="digits · without 2 samples",
        experiment=Experiment().described(),
        data=DATA,
        without=Withdrawal("1" * 32, 20, (3, 5), "digits"),
    ),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_what_is_written_is_read_back(record: RunRecord) -> None:
    plain = json.loads(json.dumps(record.written(), allow_nan=False))
    assert plain["kind"] == record.kind.value and plain["format"] == FORMAT
    assert RunRecord.read(plain) == record


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_an_older_file_without_a_kind_is_read_alike(record: RunRecord) -> None:
    old = {name: value for name, value in record.written().items() if name != "kind"}
    assert RunRecord.read(old) == record


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_fields_of_a_newer_version_are_kept(record: RunRecord) -> None:
    newer = record.written() | {"licence": {"name": "CC0"}}
    if record.data:
        newer["data"] = newer["data"] | {"videos": 3}
    read = RunRecord.read(newer)
    assert read.other == {"licence": {"name": "CC0"}} and read.written() == newer


def test_the_recorded_lessons_are_trainings() -> None:
    files = sorted((ASSETS / "recorded").glob("*/run.json"))
    assert files
    for file in files:
        written = json.loads(file.read_text())
        record = RunRecord.read(written)
        probe = 719 if "digits" in file.parent.name else 2000
        assert record.kind is Kind.TRAINED and record.has_encoder and record.known_data.probe_count == probe
        assert record.written() == written | {"kind": "trained"}


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"format": FORMAT + 1}, f"format {FORMAT} or older, got {FORMAT + 1}. Open it with a newer"),
    ({"kind": "videos"}, "the kind of a run must be one of .*, got 'videos'. Open it with a newer"),
    ({"id": None}, "run.json must hold a fitting id, got none. Restore"),
    ({"title": 3}, "run.json must hold a fitting title, got 3"),
    ({"experiment": []}, r"run.json must hold a fitting experiment, got \[\]"),
    ({"data": "much"}, "run.json must hold a fitting data, got 'much'"),
    ({"data": {"digest": "d"}}, "data in run.json must hold a fitting class_names, got none"),
    ({"probe": {"columns": 3}}, "probe in run.json must hold a fitting tile_height, got none"),
    ({"fork": {"run": 3}}, "fork in run.json must hold a fitting run, got 3"),
]


@pytest.mark.parametrize("changes, said", CHANGES, ids=[said[:40] for _, said in CHANGES])
def test_damage_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        RunRecord.read(RECORDS["trained"].written() | changes)


def test_a_training_that_has_not_begun_has_no_data() -> None:
    with pytest.raises(ValueError, match="the run digits must have begun, got none of its data"):
        _ = RECORDS["not begun"].known_data


def test_an_older_list_of_pairs_had_folds_and_no_other_pairs_had() -> None:
    old = {name: RECORDS[name].written() for name in ("listed", "scores", "roles", "embeddings")}
    for written in old.values():
        written["data"].pop("fold_count", None)
    assert [name for name, written in old.items() if RunRecord.read(written).has_folds] == ["listed"]
    assert not RECORDS["listed"].has_folds, "these pairs came without any, and say so"
