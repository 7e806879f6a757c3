from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from core.records.snapshot_record import SnapshotRecord
from dashboard.verify.sentences import facts


def test_what_numbers_of_large_sets_may_be_off_stands_beside_them() -> None:
    curve = SimpleNamespace(positive_count=10, negative_count=20)
    told = cast(Any, SimpleNamespace(reported=SimpleNamespace(curve=curve, identities=5)))
    numbers = SnapshotRecord(step=0, epoch=0.0, seconds=0.0, map="none", points=9, classes=5, eer=0.0212, auc=0.98)
    assert "EER **2.12 %** · AUC **0.9800** · uploaded" in facts(told, numbers, "uploaded")
    numbers = replace(numbers, eer_error=0.00004, auc_error=3e-8)
    assert "AUC **0.9800** (off by at most 0.004 % and 3e-08) · uploaded" in facts(told, numbers, "uploaded")
