from __future__ import annotations

import pytest

from core.records.protocol_record import Difference, ProtocolRecord

WRITTEN = {
    "name": "pairs-across-group",
    "groups": 4,
    "positive_pairs": 10,
    "negative_pairs": 20,
    "left_out_positive": 1,
    "left_out_negative": 2,
    "queries": 12,
    "queries_without_positive": 3,
    "recall_at_1": 0.5,
    "r_precision": 0.4,
    "map_at_r": 0.3,
    "mean_average_precision": 0.35,
    "auc": 0.9,
    "eer": 0.15,
    "eer_threshold": 0.8,
    "flattery": {"auc": {"value": 0.05, "low": 0.03, "high": 0.07}},
}


def test_a_record_reads_back_what_it_wrote_and_keeps_what_a_newer_version_added() -> None:
    record = ProtocolRecord.read(WRITTEN | {"newer": [1]})
    assert record.written() == WRITTEN | {"newer": [1]}
    assert record.gained("auc") == Difference(0.05, 0.03, 0.07) and record.gained("auc").is_clear


def test_an_interval_around_zero_is_not_clear() -> None:
    assert not Difference(0.01, -0.02, 0.04).is_clear and Difference(-0.03, -0.04, -0.02).is_clear


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="must hold a fitting auc"):
        ProtocolRecord.read({name: value for name, value in WRITTEN.items() if name != "auc"})
