"""The numbers by which runs are compared."""

from __future__ import annotations

import pytest

from core.records.main_numbers import AUC, EER, QUALITY, RECALL_AT_1, MainNumber
from core.records.snapshot_record import SnapshotRecord

SNAPSHOT = SnapshotRecord(
    step=20, epoch=2.0, seconds=1.5, map="pca", points=30, classes=3, auc=0.9, eer=0.125, recall_at_1=0.75, map_at_r=0.5
)


@pytest.mark.parametrize("number", [*QUALITY, EER], ids=lambda number: number.title)
def test_a_record_and_plain_numbers_have_it_under_the_same_key(number: MainNumber) -> None:
    assert number.of(SNAPSHOT) == number.of(SNAPSHOT.written()) > 0


def test_the_titles_and_how_they_look() -> None:
    assert [number.title for number in QUALITY] == ["Recall@1", "MAP@R", "AUC"]
    assert (AUC.shown(SNAPSHOT), RECALL_AT_1.shown({"recall_at_1": 0.8125})) == ("0.900", "0.812")
