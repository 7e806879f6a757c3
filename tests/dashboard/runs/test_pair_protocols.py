from __future__ import annotations

from typing import Any

import pytest

from core.records.protocol_record import ProtocolRecord
from core.runs.run_folder import Run
from dashboard.runs.pair_protocols import choice_in_words, flattery_in_words
from tests.core.records.test_protocol_record import WRITTEN
from tests.dashboard.pages import opened


def record(**changed: Any) -> ProtocolRecord:
    return ProtocolRecord.read(WRITTEN | changed)


def test_what_all_pairs_would_read_is_said_with_its_interval() -> None:
    said = flattery_in_words(record())
    assert "with pairs of the same group counted as well, AUC would read **0.9500** instead of **0.9000**" in said
    assert "(+0.0500, 95 % +0.0300 to +0.0700)" in said and "no clear difference" not in said


def test_a_difference_that_may_be_chance_says_so() -> None:
    said = flattery_in_words(record(flattery={"auc": {"value": -0.01, "low": -0.03, "high": 0.01}}))
    assert "-0.0100" in said and "no clear difference" in said


def test_where_nothing_is_left_out_both_are_the_same() -> None:
    said = flattery_in_words(record(name="positives-across-session", left_out_positive=0, left_out_negative=0))
    assert "positive pairs across sessions only: the same as all pairs" in said and "in one session" in said


@pytest.mark.parametrize(
    "name, words",
    [("all", "all pairs"), ("pairs-across-session", "all pairs across sessions only")],
)
def test_a_choice_has_words(name: str, words: str) -> None:
    assert choice_in_words(name) == words


@pytest.mark.usefixtures("own_store")
def test_the_train_page_shows_every_choice_and_what_cannot_be_known(drawn: Run, run: Run) -> None:
    page = opened("train", run=drawn.folder.name)
    tables = [one.value for one in page.markdown if "pairs that count" in one.value]
    assert len(tables) == 1 and "all pairs across groups only" in tables[0]
    assert f"{drawn.protocols()[1].auc:.3f}" in tables[0]
    other = opened("train", run=run.folder.name)
    assert any("name no groups or sessions" in one.value for one in other.caption)
