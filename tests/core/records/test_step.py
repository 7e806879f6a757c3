"""A line of steps.jsonl, typed."""

from __future__ import annotations

import json

import pytest

from core.records.step import Step
from core.system.locations import ASSETS


def test_recorded_updates_are_written_as_they_were() -> None:
    file = ASSETS / "recorded" / "digits-softmax" / "steps.jsonl"
    for line in file.read_text().splitlines():
        assert json.dumps(Step.read(json.loads(line)).written()) == line


def test_an_update_of_a_version_without_effective_negatives_has_none() -> None:
    written = Step(1, 0.1, 0.5, 1.0, 0.5, 80, 0.5, 0.25, 0.25, 2.0, 0.01).written()
    del written["effective_negatives"]
    assert Step.read(written).effective_negatives == 0.0
    with pytest.raises(ValueError, match="a line of steps.jsonl must hold a fitting loss, got none"):
        Step.read({"step": 1, "epoch": 0.1})
